/** The bounds the server holds passwords to. */
const shortestPassword = 10;

/** What is wrong with a new password typed twice; undefined when nothing is. */
export function passwordProblem(password: string, again?: string): string | undefined {
  if (Array.from(password).length < shortestPassword) return `Use at least ${shortestPassword} characters.`;
  if (again !== undefined && again !== password) return "The two don’t match yet.";
  return undefined;
}

export const passwordHint = `At least ${shortestPassword} characters. A few words in a row are easy to remember and hard to guess.`;
