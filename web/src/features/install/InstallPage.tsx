import { useSyncExternalStore } from "react";
import { isClient, useMe } from "../../api/session.ts";
import { install, installed, installOffered } from "../../lib/install.ts";
import { platformOf } from "../../lib/platform.ts";
import { Link } from "../../lib/router.tsx";
import { useStore } from "../../lib/store.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import page from "../../ui/Page.module.css";
import { Callout } from "../../ui/States.tsx";
import { say } from "../../ui/toast.ts";
import { type Guide, guideFor } from "./guide.ts";
import styles from "./Install.module.css";
import { StepPicture } from "./pictures.tsx";

/** How Hearth becomes an app on this device, and what that means. */
export function InstallPage() {
  const me = useMe();
  const offered = useSyncExternalStore(installOffered.subscribe, installOffered.get);
  const state = useStore(installed, (s) => s);
  const guide = guideFor({
    platform: platformOf(navigator),
    installed: state,
    offered,
    secure: window.isSecureContext,
  });
  return (
    <Page
      narrow
      above={
        isClient(me) && (
          <nav className={page["crumbs"]} aria-label="Breadcrumb">
            <Link href="/account">You</Link> <span aria-hidden="true">›</span> App
          </nav>
        )
      }
      title="Hearth as an app"
      lede="With an icon of its own, a window without the browser, and notifications where you want them."
    >
      <Card title="On this device">
        <How guide={guide} />
      </Card>
      <Card title="What to know">
        <ul className={styles["facts"]}>
          <Fact icon="shield-check">
            No messages, names or files are kept on this device. Without a connection Hearth opens, and says
            that it waits for one.
          </Fact>
          <Fact icon="clock">
            What you send without a connection waits in the open window and goes out by itself. Keep the
            window open until then.
          </Fact>
          <Fact icon="paperclip">
            On Android, the installed app is in the list when you share photos or files from another app.
          </Fact>
          <Fact icon="log-out">
            Removing the app takes nothing away. Sign out before you give a device to others.
          </Fact>
        </ul>
      </Card>
    </Page>
  );
}

function Fact({ icon, children }: { icon: IconName; children: string | string[] }) {
  return (
    <li>
      <Icon name={icon} />
      <span>{children}</span>
    </li>
  );
}

function How({ guide }: { guide: Guide }) {
  switch (guide.how) {
    case "app":
      return (
        <>
          <Callout tone="pine" icon="check">
            You are using the installed app.
          </Callout>
          <div>
            <ButtonLink icon="settings" href="/settings/notifications">
              Notifications on this device
            </ButtonLink>
          </div>
        </>
      );
    case "done":
      return (
        <Callout tone="pine" icon="check" live="status">
          Hearth is installed. Open it from its icon.
        </Callout>
      );
    case "button":
      return <InstallButton />;
    case "not":
      return (
        <Callout tone="quiet">
          <b>Hearth can’t be installed here.</b> {guide.why}
        </Callout>
      );
    case "steps":
      return (
        <>
          <ol className={styles["steps"]}>
            {guide.steps.map(({ picture, words }) => (
              <li key={words}>
                <StepPicture picture={picture} />
                <span>{words}</span>
              </li>
            ))}
          </ol>
          {guide.also && <Callout>{guide.also}</Callout>}
        </>
      );
  }
}

function InstallButton() {
  const act = async () => {
    if (!(await install())) say("Not installed. The menu of your browser can still do it.");
  };
  return (
    <>
      <p>Your browser installs it at a press. It takes less room than a photo.</p>
      <div>
        <Button look="primary" icon="download" onClick={() => void act()}>
          Install Hearth
        </Button>
      </div>
    </>
  );
}
