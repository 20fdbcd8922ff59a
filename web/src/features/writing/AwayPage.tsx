import { useStaff } from "../../api/directory.ts";
import { can, useMe } from "../../api/session.ts";
import type { Away } from "../../api/types.ts";
import { setParams, useParam } from "../../lib/router.tsx";
import { hoursProblem } from "../../lib/week.ts";
import { Card } from "../../ui/Page.tsx";
import { Callout, Loaded, Problem } from "../../ui/States.tsx";
import { useSettings } from "../../ui/useSettings.tsx";
import { onceProblem } from "./away.ts";
import { OnceFields } from "./OnceFields.tsx";
import { useAway, useSaveAway } from "./queries.ts";
import { ChatSettingsPage, Overtaken } from "../../ui/ChatSettingsPage.tsx";
import { WeeklyFields } from "./WeeklyFields.tsx";
import styles from "./Writing.module.css";

/** Settings > Chat > Away replies: one's own, the practice's, and for who manages settings a colleague's. */
export function AwayPage() {
  const me = useMe();
  const of = useParam("of");
  const practice = of === "practice";
  const tab = (whose: string, label: string) => (
    <button
      type="button"
      aria-current={of === whose ? "page" : undefined}
      onClick={() => setParams({ of: whose })}
    >
      {label}
    </button>
  );
  return (
    <ChatSettingsPage
      title="Away replies"
      lede="What clients are answered in direct conversations while nobody reads."
    >
      <nav className={styles["tabs"]} aria-label="Whose away replies">
        {tab("", "You")}
        {tab("practice", me.organization.name)}
        {can(me, "manage_settings") && <Colleagues of={practice ? "" : of} />}
      </nav>
      <Callout>
        A client gets at most one away reply in 12 hours, never in community chats, and none where someone on
        your team has just answered.
        {practice
          ? " These words are used unless everyone in a conversation is away by their own settings."
          : " Personal words are used when everyone in the conversation is away."}
      </Callout>
      <Rules key={of} of={practice ? "" : of || (me.user.id ?? "")} />
    </ChatSettingsPage>
  );
}

/** Whoever fell ill cannot set it themselves. */
function Colleagues({ of }: { of: string }) {
  const me = useMe();
  const staff = useStaff();
  const others = (staff.data ?? []).filter((s) => s.active && s.id !== me.user.id);
  return (
    <label>
      <span className="sr">A colleague</span>
      <select value={of} onChange={(e) => setParams({ of: e.target.value })}>
        <option value="">A colleague…</option>
        {others.map((s) => (
          <option key={s.id} value={s.id}>
            {s.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Rules({ of }: { of: string }) {
  const away = useAway(of);
  return (
    <Loaded query={away} what="the away replies">
      {(latest) => <RulesCard of={of} latest={latest} />}
    </Loaded>
  );
}

function RulesCard({ of, latest }: { of: string; latest: Away }) {
  const me = useMe();
  const saving = useSaveAway(of);
  const invalid = (now: Away) =>
    (now.once !== null && (onceProblem(now.once) !== "" || now.once.text.trim() === "")) ||
    now.weekly.hours.some((h) => hoursProblem(h) !== "") ||
    (now.weekly.enabled && now.weekly.text.trim() === "");
  const form = useSettings(latest, saving, undefined, invalid);
  const { base, now } = form;
  const staff = useStaff();
  const may = of !== "" || can(me, "manage_settings");
  const name = of === me.user.id ? "you are" : `${staff.data?.find((s) => s.id === of)?.name ?? "they"} is`;
  return (
    <Card
      title={of === "" ? "When the practice is away" : `When ${name} away`}
      lede={
        base.away_now
          ? "Clients are answered automatically right now."
          : "Nobody is answered automatically right now."
      }
      footer={may && form.bar}
    >
      <Overtaken form={form} now={base.once ? "There is a time away now." : "There is no time away now."} />
      <fieldset className={styles["rules"]} disabled={!may}>
        <legend className="sr">Rules</legend>
        <OnceFields once={now.once} set={(once) => form.set({ once })} />
        <hr />
        <WeeklyFields weekly={now.weekly} error={saving.error} set={(weekly) => form.set({ weekly })} />
      </fieldset>
      <Problem error={form.problem} />
    </Card>
  );
}
