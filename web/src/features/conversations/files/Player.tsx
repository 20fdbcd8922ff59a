import { useEffect, useRef, useState } from "react";
import type { Attachment } from "../../../api/types.ts";
import { IconButton } from "../../../ui/Button.tsx";
import { say } from "../../../ui/toast.ts";
import styles from "./Files.module.css";
import { fileUrl, timeWords } from "./words.ts";

let playing: HTMLAudioElement | null = null;

const speeds = [1, 1.5, 2] as const;

/** Plays a recording. Only one plays at a time. */
export function Player({ sound }: { sound: Attachment }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState((sound.duration_ms ?? 0) / 1000);
  const [speed, setSpeed] = useState<number>(1);
  useEffect(() => {
    const element = audio.current;
    return () => element?.pause();
  }, []);
  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (!element.paused) return element.pause();
    if (playing && playing !== element) playing.pause();
    playing = element;
    element.playbackRate = speed;
    element.play().catch(() => say("This recording can’t be played here. It can be saved instead."));
  };
  const faster = () => {
    const next = speeds[(speeds.indexOf(speed as 1) + 1) % speeds.length] ?? 1;
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = next;
  };
  const seek = (seconds: number) => {
    setAt(seconds);
    if (audio.current) audio.current.currentTime = seconds;
  };
  return (
    <div
      className={styles["player"]}
      role="group"
      aria-label={`Recording ${sound.name}`}
      data-sound={sound.id}
    >
      <audio
        ref={audio}
        src={fileUrl(sound)}
        preload="none"
        onPlay={() => setOn(true)}
        onPause={() => setOn(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={(event) =>
          Number.isFinite(event.currentTarget.duration) && setLength(event.currentTarget.duration)
        }
      />
      <IconButton label={on ? "Pause" : "Play"} icon={on ? "pause" : "play"} fill round onClick={toggle} />
      <input
        type="range"
        min={0}
        max={Math.max(length, at, 0.1)}
        step={0.1}
        value={at}
        aria-label="Position"
        aria-valuetext={`${timeWords(at * 1000)} of ${timeWords(length * 1000)}`}
        onChange={(event) => seek(Number(event.target.value))}
      />
      <time>{timeWords((on || at > 0 ? at : length) * 1000)}</time>
      <button type="button" className={styles["speed"]} aria-label={`Speed ${speed}`} onClick={faster}>
        {speed}×
      </button>
    </div>
  );
}
