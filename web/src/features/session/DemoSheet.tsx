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
  return (
    <section className={styles["sheet"]} aria-labelledby="demo-title">
      <h2 id="demo-title">This is a demo</h2>
      <p>Everyone here is invented. Pick someone to sign in as.</p>
      <ul>
        {people.map((person) => (
          <li key={person.email}>
            <button type="button" disabled={busy} onClick={() => enter(person)}>
              <Avatar name={person.name} size={34} />
              <span>
                <b>{person.name}</b>
                <small>
                  {person.role}
                  {person.note && ` · ${person.note}`}
                </small>
                <small>
                  {person.email} · {person.password}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
