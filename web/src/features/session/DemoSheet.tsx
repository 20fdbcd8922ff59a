import { Avatar } from "../../ui/Avatar.tsx";
import styles from "./Auth.module.css";

interface DemoPerson {
  name: string;
  role: string;
  email: string;
  password: string;
  note: string;
}

interface DemoSheetProps {
  people: readonly DemoPerson[];
  busy: boolean;
  enter(as: { email: string; password: string }): void;
}

/** Who may sign in to the demo; everyone on it is invented. */
export function DemoSheet({ people, busy, enter }: DemoSheetProps) {
  const passwords = new Set(people.map((p) => p.password));
  const shared = passwords.size === 1 ? people[0]?.password : undefined;
  return (
    <section className={styles["sheet"]} aria-labelledby="demo-title">
      <h2 id="demo-title">This is a demo</h2>
      <p>
        Everyone here is invented. Pick someone to sign in as.
        {shared && ` Everyone’s password is ${shared}.`}
      </p>
      <ul>
        {people.map((person) => (
          <li key={person.email}>
            <button
              type="button"
              disabled={busy}
              onClick={() => enter({ email: person.email, password: person.password })}
            >
              <Avatar name={person.name} size={34} />
              <span>
                <b>{person.name}</b>
                <small>{person.email}</small>
                {!shared && <small>{person.password}</small>}
                <small>{person.note || person.role}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
