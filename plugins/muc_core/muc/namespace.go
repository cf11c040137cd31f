package muc

// Namespaces of rooms (XEP-0045 #ns).
const (
	NS           = "http://jabber.org/protocol/muc"
	NSUser       = "http://jabber.org/protocol/muc#user"
	NSAdmin      = "http://jabber.org/protocol/muc#admin"
	NSOwner      = "http://jabber.org/protocol/muc#owner"
	NSRequest    = "http://jabber.org/protocol/muc#request"
	NSRegister   = "http://jabber.org/protocol/muc#register" // type of the registration form
	NSRoomConfig = "http://jabber.org/protocol/muc#roomconfig"
	NSRoomInfo   = "http://jabber.org/protocol/muc#roominfo"
	NSUnique     = "http://jabber.org/protocol/muc#unique"
	NSStableID   = "http://jabber.org/protocol/muc#stable_id"
	NSTraffic    = "http://jabber.org/protocol/muc#traffic"
	NSSelfPing   = "http://jabber.org/protocol/muc#self-ping-optimization" // XEP-0410
	NSConference = "jabber:x:conference"                                   // XEP-0249
	NSOccupantID = "urn:xmpp:occupant-id:0"                                // XEP-0421
	NSHats       = "urn:xmpp:hats:0"                                       // XEP-0317
)

// Namespaces that rooms and their extensions meet all the time.
const (
	NSDiscoInfo  = "http://jabber.org/protocol/disco#info"
	NSDiscoItems = "http://jabber.org/protocol/disco#items"
	NSIQRegister = "jabber:iq:register" // XEP-0077
)
