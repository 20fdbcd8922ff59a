import { Component, type ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/States.tsx";

/** The last net: something in this window broke, and reloading is the way on. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main style={{ height: "100dvh" }}>
        <Empty
          level={1}
          icon="unplug"
          title="Something went wrong in this window"
          actions={
            <Button look="primary" icon="rotate-cw" onClick={() => window.location.reload()}>
              Reload
            </Button>
          }
        >
          Your messages are safe. Reloading usually fixes it.
        </Empty>
      </main>
    );
  }
}
