-- Service discovery of accounts. They answer their owner and the contacts that see their presence; nobody else learns whether they exist.

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_node = require "util.jid".node;
local jid_join = require "util.jid".join;
local is_admin = require "core.usermanager".is_admin;
local is_contact_subscribed = require "core.rostermanager".is_contact_subscribed;

local NS_INFO = "http://jabber.org/protocol/disco#info";
local NS_ITEMS = "http://jabber.org/protocol/disco#items";

local answer_node = module:require("node");

local expose_admins = module:get_option_boolean("disco_expose_admins", false);
local anonymous = module:get_option_string("authentication") == "anonymous";

local function account_type(account)
	if is_admin(account, module.host) then
		return "admin";
	end
	return anonymous and "anonymous" or "registered";
end

-- The asked account's bare JID, if whoever asks may know of it.
local function visible_account(event)
	local stanza = event.stanza;
	if not stanza.attr.to then
		return jid_join(event.origin.username, module.host);
	end
	local account = jid_bare(stanza.attr.to);
	if is_contact_subscribed(jid_node(account), module.host, jid_bare(stanza.attr.from))
	or expose_admins and is_admin(account, module.host) then
		return account;
	end
end

-- Answers a query: add(reply, account) says what is known here, then modules add theirs in `name` { origin, stanza, reply }.
local function answer(xmlns, name, add)
	return function (event)
		local account = visible_account(event);
		if not account then return; end
		local node = event.stanza.tags[1].attr.node;
		if node and node ~= "" then
			return answer_node(event, xmlns, name.."-node", account);
		end
		local reply = st.reply(event.stanza):tag("query", { xmlns = xmlns });
		reply.attr.from = account; -- clients take an answer from nobody for one of the host
		add(reply, account);
		module:fire_event(name, { origin = event.origin, stanza = event.stanza, reply = reply });
		event.origin.send(reply);
		return true;
	end;
end

module:hook("iq-get/bare/"..NS_INFO..":query", answer(NS_INFO, "account-disco-info", function (reply, account)
	reply:tag("identity", { category = "account", type = account_type(account) }):up();
end));

module:hook("iq-get/bare/"..NS_ITEMS..":query", answer(NS_ITEMS, "account-disco-items", function () end));
