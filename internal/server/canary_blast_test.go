package server

import (
	"fmt"
	"time"
)

// blasts sends one text to three clients, of whom two know each other and none the third,
// and to one who cannot be reached; another is scheduled and one is only begun.
func (a *aviary) blasts() {
	a.Helper()
	a.recipient = a.add(a.owner, "/clients", canaries.recipient, "recipient@client.example", object{"primary_provider_id": a.noor.id})
	skipped := a.add(a.owner, "/clients", canaries.skipped, "skipped@client.example", object{"primary_provider_id": a.noor.id})
	path := "/clients/" + skipped.id + "/chat-access"
	a.owner.must("PUT", path, object{"version": a.owner.must("GET", path, nil)["version"], "direct": "off", "reason": canaries.reason})
	to := object{"client_ids": []string{a.leilani.id, a.maya.id, a.recipient.id, skipped.id}}
	sent := a.know(a.noor.must("POST", "/blasts", object{
		"recipients": to, "title": canaries.blastTitle, "body": "Hello {{first_name}}, " + canaries.blastBody, "attachment_ids": []string{a.file(a.noor, canaries.blastFile)},
	}))
	later := time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339Nano)
	scheduled := a.know(a.noor.must("POST", "/blasts", object{"recipients": to, "title": canaries.blastScheduled, "body": canaries.blastScheduled, "send_at": later}))
	a.noor.must("PUT", "/blasts/draft", object{"title": canaries.blastDraft, "body": canaries.blastDraft, "recipients": to})
	a.blastIDs = []string{sent, scheduled}
	for _, who := range []*person{a.leilani, a.maya, a.recipient} {
		who.hears(canaries.blastBody)
	}
	a.noor.hears(`"state":"sent"`)
	room := a.roomOf(sent, a.leilani.id)
	message := a.noor.must("GET", "/conversations/"+room+"/messages", nil)["items"].([]any)[0].(object)["id"].(string)
	a.noor.must("PATCH", "/conversations/"+room+"/messages/"+message, object{"body": canaries.blastBody + "-edited"})
	a.leilani.hears(canaries.blastBody + "-edited")
	a.post(a.leilani, room, "Thank you")
	a.post(a.noor, room, "You are welcome")
	a.leilani.hears("You are welcome")
	a.mailed = room
	a.ids = append(a.ids, room, a.roomOf(sent, a.maya.id))
}

// roomOf gives the conversation of one recipient of a blast.
func (a *aviary) roomOf(blast, client string) string {
	a.Helper()
	list, _ := a.noor.must("GET", "/blasts/"+blast+"/recipients", nil)["items"].([]any)
	for _, one := range list {
		if recipient := one.(object); recipient["client_id"] == client {
			return fmt.Sprint(recipient["conversation_id"])
		}
	}
	a.Fatal("the client is no recipient")
	return ""
}
