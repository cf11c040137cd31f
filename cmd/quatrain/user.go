package main

import (
	"context"
	"fmt"
	"slices"

	"quatrain/host"
	"quatrain/xmpp/jid"
)

// user changes accounts in the store itself; the server may run meanwhile.
func (p *program) user(ctx context.Context, args []string) error {
	flags := p.flags("user")
	var s settings
	s.define(flags)
	if err := parse(flags, args); err != nil {
		return err
	}
	what, rest := flags.Arg(0), flags.Args()
	if len(rest) > 1 { // options may stand behind the word, too
		if err := parse(flags, rest[1:]); err != nil {
			return err
		}
		rest = append(rest[:1:1], flags.Args()...)
	}
	do, wanted := userAction(what)
	if do == nil || len(rest) > wanted+1 || what != "list" && len(rest) != wanted+1 {
		return misuse(flags, "want one of: add JID, passwd JID, delete JID, list [HOST]")
	}
	o, err := s.options()
	if err != nil {
		return err
	}
	if o.Log, err = p.logger(logging{}, "error", "text"); err != nil {
		return err
	}
	accounts, err := host.OpenAccounts(ctx, o)
	if err != nil {
		return err
	}
	defer accounts.Close(ctx)
	return do(p, ctx, accounts, rest[1:])
}

type userFunc func(p *program, ctx context.Context, accounts *host.Accounts, args []string) error

// userAction is what a word does, and how many arguments it takes.
func userAction(word string) (do userFunc, args int) {
	switch word {
	case "add":
		return (*program).addUser, 1
	case "passwd":
		return (*program).changePassword, 1
	case "delete":
		return (*program).deleteUser, 1
	case "list":
		return (*program).listUsers, 1
	}
	return nil, 0
}

// accountJID reads the address of an account.
func accountJID(s string) (jid.JID, error) {
	j, err := jid.Parse(s)
	if err != nil {
		return j, err
	}
	if !j.IsBare() {
		return j, fmt.Errorf("want an address such as romeo@localhost, got %q", s)
	}
	return j, nil
}

func (p *program) addUser(ctx context.Context, accounts *host.Accounts, args []string) error {
	return p.withPassword(ctx, args[0], accounts.Create, "added")
}

func (p *program) changePassword(ctx context.Context, accounts *host.Accounts, args []string) error {
	return p.withPassword(ctx, args[0], accounts.SetPassword, "changed the password of")
}

// withPassword asks for a password and does something with it; done says what.
func (p *program) withPassword(ctx context.Context, address string, do func(context.Context, jid.JID, string) error, done string) error {
	account, err := accountJID(address)
	if err != nil {
		return err
	}
	password, err := p.readPassword(account.String())
	if err != nil {
		return err
	}
	if err := do(ctx, account, password); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, done, account)
	return nil
}

func (p *program) deleteUser(ctx context.Context, accounts *host.Accounts, args []string) error {
	account, err := accountJID(args[0])
	if err != nil {
		return err
	}
	if err := accounts.Delete(ctx, account); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, "deleted", account)
	return nil
}

// listUsers prints the accounts of one host, or of all.
func (p *program) listUsers(ctx context.Context, accounts *host.Accounts, args []string) error {
	hosts := accounts.Hosts()
	if len(args) > 0 {
		if !slices.Contains(hosts, args[0]) {
			return fmt.Errorf("the host has no accounts: %q", args[0])
		}
		hosts = args
	}
	for _, name := range hosts {
		for username, err := range accounts.All(ctx, name) {
			if err != nil {
				return fmt.Errorf("listing the accounts of %q: %w", name, err)
			}
			fmt.Fprintf(p.stdout, "%s@%s\n", username, name)
		}
	}
	return nil
}
