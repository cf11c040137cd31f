-- Namespaces that more than one facet needs.

local mam = "urn:xmpp:mam:2";

return {
	mam = mam;
	extended = mam.."#extended";
	stanza_id = "urn:xmpp:sid:0";
	forward = "urn:xmpp:forward:0";
	delay = "urn:xmpp:delay";
	data = "jabber:x:data";
	muc = "http://jabber.org/protocol/muc";
	user = "http://jabber.org/protocol/muc#user";
	validate = "http://jabber.org/protocol/xdata-validate";
};
