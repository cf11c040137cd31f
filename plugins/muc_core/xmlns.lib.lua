-- The namespaces that rooms speak and listen to (XEP-0045 #schemas, and what others put into room traffic).

return {
	muc = "http://jabber.org/protocol/muc";
	user = "http://jabber.org/protocol/muc#user";
	admin = "http://jabber.org/protocol/muc#admin";
	owner = "http://jabber.org/protocol/muc#owner";
	request = "http://jabber.org/protocol/muc#request";
	roomconfig = "http://jabber.org/protocol/muc#roomconfig";
	roominfo = "http://jabber.org/protocol/muc#roominfo";
	unique = "http://jabber.org/protocol/muc#unique";
	stable_id = "http://jabber.org/protocol/muc#stable_id";
	traffic = "http://jabber.org/protocol/muc#traffic";
	self_ping = "http://jabber.org/protocol/muc#self-ping-optimization";
	conference = "jabber:x:conference";
	data = "jabber:x:data";
	delay = "urn:xmpp:delay";
	legacy_delay = "jabber:x:delay";
	disco_info = "http://jabber.org/protocol/disco#info";
	disco_items = "http://jabber.org/protocol/disco#items";
	eme = "urn:xmpp:eme:0";
	hats = "urn:xmpp:hats:0";
	legacy_hats = "xmpp:prosody.im/protocol/hats:1";
	hints = "urn:xmpp:hints";
	markers = "urn:xmpp:chat-markers:0";
	occupant_id = "urn:xmpp:occupant-id:0";
	ping = "urn:xmpp:ping";
	rsm = "http://jabber.org/protocol/rsm";
	pubsub = "http://jabber.org/protocol/pubsub";
	vcard = "vcard-temp";
	vcard_update = "vcard-temp:x:update";
	vcard4 = "urn:ietf:params:xml:ns:vcard-4.0";
};
