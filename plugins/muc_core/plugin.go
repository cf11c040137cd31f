// Package muccore is multi-user chat (XEP-0045): the rooms of a component, as a Go plugin. It behaves as the Lua modules beside it do, with
// the same options, events, stores and texts; README.md is about both.
//
// Each facet of a room is a file of its own with all that belongs to it: options, settings, handlers. A facet is loaded by its loadX;
// facets are the list of them, in the order in which their handlers of one priority run.
package muccore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"quatrain/sdk"
)

// service is one instance of the plugin: the rooms of one component.
type service struct {
	m    sdk.Module
	host string // of the component; immutable after Load
	log  *slog.Logger

	settings map[string]setting       // by name; immutable after Load
	handlers map[string]stanzaHandler // by the name of the method; immutable after Load
	// class are the methods that other plugins have put into the place of a room's, or added. Replaced as a whole.
	class atomic.Pointer[map[string]sdk.Function]

	facetState
}

// facetState is what facets keep for all rooms: their options, read as they are loaded, and the rooms themselves. Each facet's is a type of
// its own in its file.
type facetState struct {
	rooms      roomsState
	filtered   filteredState
	lockable   lockState
	creation   creationState
	defaults   defaultsState
	history    historyState
	subject    subjectState
	config     configState
	hats       hatsState
	tombstones tombstoneState
	public     publicRoomsState
	storage    storeState
	avatar     avatarState
	shutdown   shutdownState
	objects    objectState

	reservations reservationState
}

// New makes an instance.
func New() sdk.Plugin { return &service{} }

// facet is one part of what a room does.
type facet struct {
	name string
	load func(s *service, ctx context.Context) error
}

// facets in the order of their handlers: what a presence or message needs from all others comes last.
var facets = []facet{
	{"transaction", (*service).loadTransaction},
	{"routing", (*service).loadRouting},
	{"publicise", (*service).loadPublicise},
	{"occupant_list", (*service).loadOccupantList},
	{"affiliation", (*service).loadAffiliation},
	{"affiliation_change", (*service).loadAffiliationChange},
	{"affiliation_data", (*service).loadAffiliationData},
	{"role", (*service).loadRole},
	{"lock", (*service).loadLock},
	{"nick", (*service).loadNick},
	{"reservation", (*service).loadReservation},
	{"defaults", (*service).loadDefaults},
	{"password", (*service).loadPassword},
	{"members_only", (*service).loadMembersOnly},
	{"moderated", (*service).loadModerated},
	{"persistent", (*service).loadPersistent},
	{"presence", (*service).loadPresence},
	{"join", (*service).loadJoin},
	{"leave", (*service).loadLeave},
	{"nick_change", (*service).loadNickChange},
	{"probe", (*service).loadProbe},
	{"message", (*service).loadMessage},
	{"groupchat", (*service).loadGroupchat},
	{"history", (*service).loadHistory},
	{"subject", (*service).loadSubject},
	{"private_message", (*service).loadPrivateMessage},
	{"private_iq", (*service).loadPrivateIQ},
	{"invite", (*service).loadInvite},
	{"voice", (*service).loadVoice},
	{"name", (*service).loadName},
	{"description", (*service).loadDescription},
	{"language", (*service).loadLanguage},
	{"hidden", (*service).loadHidden},
	{"whois", (*service).loadWhois},
	{"presence_broadcast", (*service).loadPresenceBroadcast},
	{"max_users", (*service).loadMaxUsers},
	{"leaders", (*service).loadLeaders},
	{"config_form", (*service).loadConfigForm},
	{"owner_query", (*service).loadOwnerQuery},
	{"admin_query", (*service).loadAdminQuery},
	{"destroy", (*service).loadDestroy},
	{"tombstone", (*service).loadTombstone},
	{"disco", (*service).loadDisco},
	{"unique", (*service).loadUnique},
	{"hats", (*service).loadHats},
	{"occupant_id", (*service).loadOccupantID},
	{"creation", (*service).loadCreation},
	{"rooms", (*service).loadRooms},
	{"dispatch", (*service).loadDispatch},
	{"avatar", (*service).loadAvatar},
	{"shutdown", (*service).loadShutdown},
	{"admin_commands", (*service).loadAdminCommands},
	{"admin_shell", (*service).loadAdminShell},
}

// Load loads the facets.
func (s *service) Load(ctx context.Context, m sdk.Module) error {
	if m.HostType() != sdk.HostComponent {
		return errors.New("muc_core serves the rooms of a component: name it as the component's plugin")
	}
	s.m, s.host, s.log = m, m.Host(), m.Logger()
	s.settings, s.handlers = map[string]setting{}, map[string]stanzaHandler{}
	if err := s.loadService(ctx); err != nil {
		return err
	}
	for _, f := range facets {
		if err := f.load(s, ctx); err != nil {
			return fmt.Errorf("loading %s: %w", f.name, err)
		}
	}
	return nil
}

// loadService is what the service says of itself.
func (s *service) loadService(ctx context.Context) error {
	if _, err := s.m.Depends(ctx, "disco", false); err != nil {
		return err
	}
	s.m.AddItem(ctx, "identity", newRecord("identity", map[string]any{
		"category": "conference", "type": "text", "name": s.optionString("name", "Chatrooms"),
	}))
	s.addFeature(ctx, nsMUC)
	s.takeFilteredNamespaces()
	return nil
}

// addFeature is module:add_feature.
func (s *service) addFeature(ctx context.Context, ns string) { s.m.AddItem(ctx, "feature", ns) }

var _ sdk.Plugin = (*service)(nil)
