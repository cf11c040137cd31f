package muccore

import (
	"context"
	"errors"
	"fmt"
)

// Rooms as admins of the service name them. Errors are texts for those.

// toAdmin is an error that an admin is shown as it is.
func toAdmin(format string, args ...any) error { return adminText(fmt.Sprintf(format, args...)) }

type adminText string

func (t adminText) Error() string { return string(t) }

// checkRoomJID is the address as it should be.
func (s *service) checkRoomJID(address any) (string, error) {
	given, _ := address.(string)
	local, host, resource, ok := prepareLeniently(given)
	switch {
	case !ok || local == "" || resource != "":
		return "", toAdmin("%s is not the address of a room", textOf(address))
	case host != s.host:
		return "", toAdmin("%s is not a room of %s", given, s.host)
	}
	return local + "@" + host, nil
}

// enterNamed enters the room that an admin names.
func (s *service) enterNamed(ctx context.Context, address any) (_ context.Context, r *Room, leave func(), err error) {
	jid, err := s.checkRoomJID(address)
	if err != nil {
		return nil, nil, nil, err
	}
	inside, r, leave, err := s.enterRoom(ctx, jid)
	switch {
	case errors.Is(err, errNoPlace):
		return nil, nil, nil, toAdmin("There is no place in memory for %s", jid)
	case err != nil:
		return nil, nil, nil, toAdmin("%s cannot be read", jid)
	case r == nil:
		return nil, nil, nil, toAdmin("There is no room %s", jid)
	case r.dataFlag("destroyed"):
		leave()
		return nil, nil, nil, toAdmin("There is no room %s", jid)
	}
	return inside, r, leave, nil
}
