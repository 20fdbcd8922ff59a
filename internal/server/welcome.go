package server

import (
	"context"
	"fmt"
	"net/url"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/demo"
	"hearth/internal/httpapi"
	"hearth/internal/wire"
)

// welcome prints the link to the first-run page while no organization exists. Its code is
// only in that link: it stands behind a #, which browsers do not send.
func (n *node) welcome(ctx context.Context, links *url.URL) (*httpapi.SetupCode, error) {
	empty, err := n.empty(ctx)
	if err != nil || !empty {
		return nil, err
	}
	kept, code := httpapi.NewSetupCode()
	fmt.Fprintf(n.cfg.Out, "\nThis Hearth is empty. Open this link to name your practice and make your own account:\n\n  %s/first-run#%s\n\n", links, code)
	return kept, nil
}

func (n *node) empty(ctx context.Context) (bool, error) {
	var there bool
	err := n.db.Read(ctx, func(tx *db.Tx) (err error) {
		there, err = n.directory.HasOrganization(ctx, tx)
		return err
	})
	return !there, err
}

// showSheet prints who may sign in to the demo, and keeps it for the sign-in page.
func (n *node) showSheet(p demo.Practice, links *url.URL) {
	fmt.Fprintf(n.cfg.Out, "\n%s\n", p.Sheet(links.String()))
	roles := map[string]care.Role{}
	for _, s := range p.Staff {
		roles[s.Email] = s.Role
	}
	for _, s := range p.SignIns {
		line := wire.SignIn{Name: s.Name, Role: string(care.KindClient), Email: s.Email, Password: s.Password, Note: s.Note}
		if role, staff := roles[s.Email]; staff {
			line.Role, line.Note = string(role), s.Role+". "+s.Note
		}
		n.signIns = append(n.signIns, line)
	}
}
