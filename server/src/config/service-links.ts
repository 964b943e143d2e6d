type Variables = Readonly<Record<string, string | undefined>>;

/** What Kubernetes and Docker set in every container for a service with a name such as `opstage`. */
const LINK = /_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;
const ADDRESS = /^(?:tcp|udp|sctp):\/\/\S+:\d+$/;

const isLink = (name: string, value: string | undefined): boolean =>
  LINK.test(name) || (name.endsWith('_PORT') && ADDRESS.test(value?.trim() ?? ''));

/** Variables without those that the platform sets for a service of our name; and whether there were any. */
export const withoutServiceLinks = (
  variables: Variables,
): { readonly variables: Variables; readonly links: readonly string[] } => {
  const links = Object.keys(variables).filter((name) => name.startsWith('OPSTAGE_') && isLink(name, variables[name]));
  const others = Object.entries(variables).filter(([name]) => !links.includes(name));
  return { variables: Object.fromEntries(others), links };
};

/** Says that such variables are not settings; empty when there are none. */
export const aboutServiceLinks = (links: readonly string[]): readonly string[] => {
  const [first] = links.filter((name) => name.endsWith('_PORT')).concat(links);
  if (first === undefined) return [];
  return [
    `${first} and others come from a Kubernetes Service (or container link) named like Opstage, and are ignored. To set OPSTAGE_PORT in such a pod, set enableServiceLinks: false or name the Service otherwise.`,
  ];
};
