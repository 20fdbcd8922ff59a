package wire

import "hearth/internal/notify"

// MailReach is whether mails are tried to somebody's address.
type MailReach struct {
	Reachable bool        `json:"reachable" doc:"false: mails came back, and no more are tried until the address is another one or somebody has them tried again"`
	Since     *Time       `json:"since"`
	Why       *notify.Why `json:"why" enum:"no_mailbox,returned" doc:"no_mailbox: there is no such address; returned: several mails in a row came back"`
}

// MailReachOf shows it.
func MailReachOf(r notify.Reach) MailReach {
	if !r.Stopped {
		return MailReach{Reachable: true}
	}
	return MailReach{Since: TimeOrNull(r.Since), Why: &r.Why}
}
