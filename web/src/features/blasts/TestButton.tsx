import { useMutation } from "@tanstack/react-query";
import type { Attachment, BlastPreview } from "../../api/types.ts";
import { Button } from "../../ui/Button.tsx";
import { say } from "../../ui/toast.ts";
import type { Form } from "./form.ts";
import { problemWords } from "./problems.ts";
import { sendTest } from "./queries.ts";

interface TestProps {
  form: Form;
  attachments: readonly Attachment[];
  example: BlastPreview["example"];
}

/** Sends the message to oneself, filled as the first recipient would read it. */
export function TestButton({ form, attachments, example }: TestProps) {
  const test = useMutation({
    mutationFn: () =>
      sendTest(
        form.body.trim(),
        attachments.map((a) => a.id),
        example?.client_id,
      ),
    onSuccess: () =>
      say(`A test is in your inbox${example ? `, as ${example.first_name} would read it` : ""}.`),
    onError: (error) => say(`No test was sent. ${problemWords(error)}`),
  });
  const empty = form.body.trim() === "" && attachments.length === 0;
  return (
    <Button disabled={empty || test.isPending} onClick={() => test.mutate()}>
      Send me a test
    </Button>
  );
}
