package main

import "context"

// plugin is for who writes plugins; "plugins" is for who runs them.
func (p *program) plugin(ctx context.Context, args []string) error {
	flags := p.flags("plugin")
	if err := parse(flags, args); err != nil {
		return err
	}
	switch word := flags.Arg(0); word {
	case "new":
		return p.newPlugin(ctx, flags.Args()[1:])
	case "":
		return misuse(flags, "want a word: new")
	default:
		return misuse(flags, "unexpected argument %q", word)
	}
}
