package muccore

import (
	"context"
	"maps"
	"slices"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Hats: marks that say more about somebody than roles do (XEP-0317; M172). Other plugins give them, as affiliation data
// hats = { [URI] = { active = true, title = "…" } }; here they are shown.

// hatsState is whether hats are shown in their older namespace, too.
type hatsState struct {
	showLegacy bool
}

func (s *service) loadHats(context.Context) error {
	s.hats.showLegacy = s.optionBool("muc_hats_compat", false)
	// Nobody puts on a hat by himself.
	s.addFilteredNamespace(nsHats)
	s.addFilteredNamespace(nsLegacyHats)
	s.hook("muc-disco#info", 0, func(_ context.Context, ev roomEvent) (any, error) {
		addDiscoFeature(ev, nsHats)
		return nil, nil
	})
	s.hook(buildPresence, 0, addHats)
	return nil
}

func addHats(ctx context.Context, ev roomEvent) (any, error) {
	bareJID := ev.String("bare_jid")
	if o := ev.occupant("occupant"); o != nil {
		bareJID = o.bareJID
	}
	kept, err := ev.room.getAffiliationData(ctx, bareJID, "hats")
	hats, ok := kept.(sdk.Data)
	if err != nil || !ok || ev.Stanza == nil {
		return nil, err
	}
	element := buildHats(hats, nsHats)
	if element == nil {
		return nil, nil
	}
	ev.Stanza.AddChild(element)
	if ev.room.s.hats.showLegacy {
		ev.Stanza.AddChild(buildHats(hats, nsLegacyHats))
	}
	return nil, nil
}

// buildHats are the hats somebody wears, by URI; nil for none.
func buildHats(hats sdk.Data, ns string) *stanza.Element {
	titles := map[string]any{}
	for uri, v := range hats {
		hat, _ := v.(sdk.Data)
		if uri, ok := uri.(string); ok && isTrue(hat["active"]) {
			titles[uri] = hat["title"]
		}
	}
	if len(titles) == 0 {
		return nil
	}
	element := stanza.New("hats", ns)
	for _, uri := range slices.Sorted(maps.Keys(titles)) {
		hat := stanza.New("hat", "", "uri", uri)
		if title, ok := titles[uri].(string); ok {
			hat.SetAttr("title", title)
		}
		element.AddChild(hat)
	}
	return element
}
