/** A JSON Schema as libraries type it: an interface without an index signature. */
export interface JSONSchema {
  type?: string;
  properties?: { [name: string]: JSONSchema };
}
