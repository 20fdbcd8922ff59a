import { useState } from "react";
import type { SoundName } from "../../api/preferences.ts";
import { play } from "../../lib/sound.ts";
import { Button } from "../../ui/Button.tsx";
import { Check } from "../../ui/Field.tsx";
import type { Form } from "./form.ts";
import styles from "./Notifications.module.css";

const choices: readonly (readonly [SoundName, string])[] = [
  ["none", "No sound"],
  ["chime", "Chime"],
  ["knock", "Knock"],
  ["drop", "Drop"],
];

/** What is heard while Hearth is open, and how it sounds. */
export function SoundFields({ now, set }: { now: Form; set(patch: Partial<Form>): void }) {
  const [mute, setMute] = useState(false);
  const hear = async (name: SoundName) => setMute(name !== "none" && !(await play(name)));
  return (
    <fieldset className={styles["choices"]}>
      <legend className="sr">Sound</legend>
      {choices.map(([value, label]) => (
        <div key={value} className={styles["sound"]}>
          <Check
            kind="radio"
            name="sound"
            label={label}
            checked={now.sound === value}
            onChange={() => set({ sound: value })}
          />
          {value !== "none" && (
            <Button
              size="small"
              look="ghost"
              icon="play"
              aria-label={`Hear ${label}`}
              onClick={() => void hear(value)}
            >
              Hear
            </Button>
          )}
        </div>
      ))}
      <p className="muted" role={mute ? "alert" : undefined}>
        {mute
          ? "This browser doesn’t play sounds here. Check that the page isn’t muted."
          : "Heard while Hearth is open, in one window only, and never for the conversation you look at."}
      </p>
    </fieldset>
  );
}
