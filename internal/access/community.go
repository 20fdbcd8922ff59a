package access

import (
	"fmt"
	"time"

	"hearth/internal/care"
)

// Locked is the refusal of what a client writes in a community chat that is locked. It
// comes after chat unavailable and client archived, which say more about the client, and
// before conversation closed: a lock is what staff chose for this chat.
func Locked() *care.Error {
	return care.Fail(care.Forbidden, care.CodeConversationLocked, "Only the care team can post here. You can read along.")
}

// ChangeCommunity decides whether the actor may change how a community chat works: its
// lock, its posting rate, whether clients see who is in it. Other kinds have nothing to
// change.
func ChangeCommunity(actor care.Actor, c Conversation) *care.Error {
	if _, refusal := Read(actor, c); refusal != nil {
		return refusal
	}
	if !actor.IsStaff() {
		return care.Refused("Only staff can change how a community chat works.")
	}
	if c.Kind != care.Community {
		return care.BadField("kind", "community_only", "Only community chats can be locked, limited or kept in step with groups.")
	}
	if !actor.Can(care.StartCommunityChats) {
		return care.Refused("Changing a community chat needs the permission “start community chats”.")
	}
	return nil
}

// KeepInStep decides whether the actor may have a community chat follow client groups.
// Whoever joins a group later comes in by themself, so it wants the right to see every
// client.
func KeepInStep(actor care.Actor) *care.Error {
	if !actor.Can(care.StartCommunityChats) || !actor.Can(care.ViewAllClients) {
		return care.Refused("Keeping a chat in step with a group needs the permissions “start community chats” and “view all clients”.")
	}
	return nil
}

// PostWindow is the time over which the posting rate of a community chat is counted.
const PostWindow = time.Hour

// PostRate decides whether a client may post once more where each may post perHour times
// within PostWindow; 0 is no limit. posted is how many posts of theirs are in the window,
// oldest when the first of those was made. Staff post without limit.
func PostRate(actor care.Actor, perHour, posted int64, oldest, now time.Time) *care.Error {
	if perHour <= 0 || posted < perHour || !actor.IsClient() {
		return nil
	}
	wait := max(time.Second, oldest.Add(PostWindow).Sub(now))
	refusal := care.Fail(care.RateLimited, care.CodeRateLimited,
		fmt.Sprintf("Each member can post %d times an hour here. Try again in %s.", perHour, inWords(wait)))
	if perHour == 1 {
		refusal.Message = "Each member can post once an hour here. Try again in " + inWords(wait) + "."
	}
	refusal.RetryAfter = int((wait + time.Second - 1) / time.Second)
	return refusal
}

func inWords(wait time.Duration) string {
	minutes := int((wait + time.Minute - 1) / time.Minute)
	if minutes <= 1 {
		return "a minute"
	}
	return fmt.Sprintf("%d minutes", minutes)
}

// Full decides whether more people fit into a community chat: there is room for limit.
func Full(kind care.ConversationKind, members, more, limit int) *care.Error {
	if kind != care.Community || members+more <= limit {
		return nil
	}
	return care.Fail(care.Conflict, care.CodeConversationFull,
		fmt.Sprintf("A community chat holds at most %d people.", limit))
}

// Mention decides whether a text may name a member by a token. Where clients do not see
// who else is in a community chat, they name only the care team and themselves: the name
// that comes back would tell them.
func Mention(actor care.Actor, rosterHidden bool, who care.UserID, kind care.PersonKind) bool {
	return !rosterHidden || !actor.IsClient() || kind == care.KindStaff || who == actor.User
}

// Report decides whether the actor may report a post to staff: whoever reads a community
// chat, the post of somebody else. It is not sending, so it stays possible where the
// actor cannot write.
func Report(actor care.Actor, m care.Message, c Conversation) *care.Error {
	if _, refusal := Read(actor, c); refusal != nil {
		return refusal
	}
	switch {
	case c.Kind != care.Community:
		return care.Refused("Posts can be reported in community chats.")
	case m.Kind == care.SystemMessage:
		return care.Refused("A notice of the program cannot be reported.")
	case m.Author.ID == actor.User:
		return care.Refused("This post is yours. You can delete it.")
	case !m.DeletedAt.IsZero():
		return care.Refused("This post was removed.")
	}
	return nil
}

// Moderate decides whether the actor sees reports and settles them at all; of which
// conversations follows from [Read].
func Moderate(actor care.Actor) *care.Error {
	if !actor.IsStaff() || !actor.Can(care.StartCommunityChats) {
		return care.Refused("Reports are for staff with the permission “start community chats”.")
	}
	return nil
}
