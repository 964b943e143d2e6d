/** The build gives an icon's file as its text. */
declare module '*.svg' {
  const text: string;
  export default text;
}
