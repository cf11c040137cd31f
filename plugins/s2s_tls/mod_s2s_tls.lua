-- STARTTLS on streams between servers (RFC 6120 §5), which modules open and read.

local certmanager = require "core.certmanager";
local config = require "core.configmanager";
local st = require "util.stanza";

local ns_tls = "urn:ietf:params:xml:ns:xmpp-tls";
local ns_streams = "http://etherx.jabber.org/streams";

local allowed = module:get_option_boolean("s2s_allow_encryption", true);
local required = module:get_option_boolean("s2s_require_encryption", true);

-- Contexts by direction, made anew when the configuration is read again.
local contexts = {};

local function make_contexts()
	for direction, mode in pairs { incoming = "server", outgoing = "client" } do
		local ctx, err, cfg = certmanager.create_context(module.host, mode, config.get(module.host, "s2s_ssl"),
			{ verify = { "peer", "client_once" }, alpn = mode == "client" and "xmpp-server" or nil });
		if not ctx then
			module:log("error", "No TLS context for %s streams: %s", direction, err);
		end
		contexts[direction] = { ctx = ctx, cfg = cfg };
	end
end

-- Gives the session its context if it can be encrypted and is not yet.
local function can_encrypt(session)
	if not allowed or session.secure or session.conn and not session.conn.starttls then
		return false;
	end
	local context = contexts[session.direction];
	if not context then -- no stream between servers
		return false;
	end
	session.ssl_ctx, session.ssl_cfg = session.ssl_ctx or context.ctx, session.ssl_cfg or context.cfg;
	return session.ssl_ctx ~= nil;
end

local function element(name)
	return st.stanza(name, { xmlns = ns_tls });
end

local function encrypt(session)
	session:reset_stream();
	session.conn:starttls(session.ssl_ctx);
	session.secure = false;
	return true;
end

module:hook("s2sout-created", function (event)
	can_encrypt(event.session);
end);

module:hook("s2s-stream-features", function (event)
	if can_encrypt(event.origin) then
		local feature = element("starttls");
		if required then
			feature:tag("required"):up();
		end
		event.features:add_child(feature);
	end
end);

-- The other server wants to encrypt.
module:hook("stanza/" .. ns_tls .. ":starttls", function (event)
	local session = event.origin;
	if not session.sends2s then return; end
	if not can_encrypt(session) then
		session.sends2s(element("failure"));
		session:close();
		return true;
	end
	session.sends2s(element("proceed"));
	return session.destroyed or encrypt(session);
end);

-- We want to: before anybody authenticates. A server that requires encryption asks even if it was not offered.
module:hook_tag(ns_streams, "features", function (session, features)
	if session.direction == "outgoing" and (required or features:get_child("starttls", ns_tls)) and can_encrypt(session) then
		session.sends2s(element("starttls"));
		return true;
	end
end, 500);

module:hook("s2sout-authenticate-legacy", function (event)
	if required and can_encrypt(event.origin) then
		event.origin.sends2s(element("starttls"));
		return true;
	end
end, 200);

module:hook_tag(ns_tls, "proceed", function (session)
	if session.type == "s2sout_unauthed" and can_encrypt(session) then
		return encrypt(session);
	end
end);

module:hook_tag(ns_tls, "failure", function (session)
	if session.direction == "outgoing" then
		session:close(nil, "TLS negotiation failed");
		return true;
	end
end);

module:hook_global("config-reloaded", make_contexts);
make_contexts();
