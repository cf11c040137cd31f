local t = require "harness";
local test, equal, raises = t.test, t.equal, t.raises;
local st = require "util.stanza";
local um = require "core.usermanager";
local rm = require "core.rostermanager";

test("roles at run time", function ()
	um.create_user("rosaline", "secret", "localhost");
	module:default_permission("prosody:admin", ":rule");
	local changes = {};
	module:hook_global("user-role-changed", function (event) table.insert(changes, event.username.." "..event.role); end);
	equal(um.set_user_role("rosaline", "localhost", "prosody:admin").name, "prosody:admin");
	equal(um.get_user_role("rosaline", "localhost").name, "prosody:admin");
	equal(um.is_admin("rosaline@localhost", "localhost"), true);
	equal(module:could(":rule", "rosaline@localhost/x"), true);
	equal(um.get_user_role("rosaline", "localhost"):may("access_test:rule"), true);
	equal(um.get_users_with_role("prosody:admin", "localhost"), { "admin", "rosaline" });
	equal(um.get_jids_with_role("prosody:admin", "localhost"), { "admin@localhost", "rosaline@localhost" });
	equal(module:open_store("account_roles", "map"):get("rosaline", "_default"), "prosody:admin");
	equal({ (um.set_user_role("rosaline", "localhost", "prosody:king")) }, {});
	equal({ (um.set_user_role("nobody", "localhost", "prosody:admin")) }, {});
	equal(um.set_user_role("rosaline", "localhost", "prosody:member").name, "prosody:member");
	equal(changes, { "rosaline prosody:admin", "rosaline prosody:member" });
	um.delete_user("rosaline", "localhost");
	um.create_user("rosaline", "secret", "localhost");
	equal(um.get_user_role("rosaline", "localhost").name, "prosody:registered");
	um.delete_user("rosaline", "localhost");
end);

test("roles besides the own one", function ()
	um.create_user_with_role("tybalt", "secret", "localhost", "prosody:member");
	equal(um.add_user_secondary_role("tybalt", "localhost", "prosody:admin"), true);
	equal(um.user_can_assume_role("tybalt", "localhost", "prosody:admin"), true);
	equal(um.get_user_secondary_roles("tybalt", "localhost")["prosody:admin"].name, "prosody:admin");
	equal(um.remove_user_secondary_role("tybalt", "localhost", "prosody:admin"), true);
	equal(um.user_can_assume_role("tybalt", "localhost", "prosody:admin"), false);
	equal(um.user_can_assume_role("tybalt", "localhost", "prosody:member"), true);
	equal(um.get_role_by_name("prosody:operator", "localhost").priority > um.get_role_by_name("prosody:guest", "localhost").priority, true);
	local info = um.get_account_info("tybalt", "localhost");
	equal(info.enabled and type(info.created), "number");
	um.delete_user("tybalt", "localhost");
end);

test("roles as 0.12 has them", function ()
	um.create_user("paris", "secret", "localhost");
	local authz = prosody.hosts.localhost.authz;
	equal(um.set_roles("paris@localhost", "localhost", { ["prosody:admin"] = true }), true);
	equal(authz.get_user_roles("paris"), { ["prosody:admin"] = true });
	equal(authz.get_users_with_role("prosody:admin"), { "admin", "paris" });
	equal(authz.get_jid_roles("admin@localhost"), { ["prosody:admin"] = true, ["prosody:operator"] = true });
	equal(authz.set_user_roles("paris", {}), true);
	equal(um.is_admin("paris@localhost", "localhost"), false);
	um.delete_user("paris", "localhost");
end);

test("permission matrix by role", function ()
	local roles = { "guest", "registered", "member", "admin", "operator" };
	for _, role in ipairs(roles) do
		module:default_permission("prosody:" .. role, ":" .. role);
	end
	local function allowed(m, jid)
		local list = {};
		for _, role in ipairs(roles) do
			if m:could(":" .. role, jid) then table.insert(list, role); end
		end
		return table.concat(list, " ");
	end
	equal(allowed(module, "someone@elsewhere"), "guest");
	equal(allowed(module, "romeo@localhost"), "guest registered");
	equal(allowed(module, "romeo@localhost/balcony"), "guest registered");
	equal(allowed(module, "romeo@other.localhost"), "guest");
	equal(allowed(module, "admin@localhost"), "guest registered member admin operator");
end);

test("who may be asked about", function ()
	module:default_permissions("prosody:registered", { ":one", "absolute:two" });
	equal(module:may(":one", "romeo@localhost"), true);
	equal(module:may("absolute:two", { actor_jid = "romeo@localhost" }), true);
	equal(module:may("access_test:one", { stanza = st.message({ from = "romeo@localhost" }) }), true);
	equal(not module:may(":one", { stanza = st.message({ from = "x@elsewhere" }) }), true);
	equal(not module:may(":unknown", "admin@localhost"), true);
	raises("", module.may, module, ":one", nil);
end);

test("accounts", function ()
	equal({ um.create_user("benvolio", "secret", "localhost") }, { true });
	equal(um.user_exists("benvolio", "localhost"), true);
	equal(um.user_exists("nobody", "localhost"), false);
	equal(um.test_password("benvolio", "localhost", "secret"), true);
	equal(not um.test_password("benvolio", "localhost", "wrong"), true);
	equal((um.create_user("benvolio", "secret", "localhost")), nil);
	equal(um.set_password("benvolio", "other", "localhost"), true);
	equal(um.test_password("benvolio", "localhost", "other"), true);
	local found = false;
	for user in um.users("localhost") do found = found or user == "benvolio"; end
	equal(found, true);
	equal(um.get_provider("localhost").test_password("benvolio", "other"), true);
	equal(prosody.hosts.localhost.users.user_exists("benvolio"), true);
	equal(um.is_admin("admin@localhost", "localhost"), true);
	equal(um.is_admin("benvolio@localhost", "localhost"), false);
	equal(um.get_jid_role("admin@localhost", "localhost").name, "prosody:operator");
	equal(um.get_user_role("benvolio", "localhost").name, "prosody:registered");
	local deleted;
	module:hook_global("user-deleted", function (event) deleted = event.username .. "@" .. event.host; end);
	equal(um.delete_user("benvolio", "localhost"), true);
	equal(um.user_exists("benvolio", "localhost"), false);
	equal(deleted, "benvolio@localhost");
end);

test("rosters", function ()
	um.create_user("mercutio", "secret", "localhost");
	local roster = rm.load_roster("mercutio", "localhost");
	equal(roster["romeo@localhost"], nil);
	roster["romeo@localhost"] = { subscription = "both", name = "Romeo", groups = { Friends = true } };
	equal(rm.save_roster("mercutio", "localhost", roster), true);
	local again = rm.load_roster("mercutio", "localhost");
	equal(again["romeo@localhost"].name, "Romeo");
	equal(again["romeo@localhost"].groups, { Friends = true });
	local other = rm.load_roster("mercutio", "localhost");
	other["paris@localhost"] = { subscription = "none", groups = {} };
	other[false].pending["paris@localhost"] = true;
	equal(rm.save_roster("mercutio", "localhost", other), true);
	equal(rm.is_contact_pending_in("mercutio", "localhost", "paris@localhost"), true);
	other = rm.load_roster("mercutio", "localhost");
	other["paris@localhost"], other[false].pending["paris@localhost"] = nil, nil;
	again["romeo@localhost"].name = "Romeo the dreamer"; -- does not bring back what the other knows nothing of
	equal(rm.save_roster("mercutio", "localhost", again), true);
	equal(rm.save_roster("mercutio", "localhost", other), true);
	equal(rm.is_contact_pending_in("mercutio", "localhost", "paris@localhost"), false);
	equal(rm.load_roster("mercutio", "localhost")["paris@localhost"], nil);
	equal(rm.load_roster("mercutio", "localhost")["romeo@localhost"].name, "Romeo the dreamer");
	equal(rm.is_contact_subscribed("mercutio", "localhost", "romeo@localhost"), true);
	equal(rm.is_contact_subscribed("mercutio", "localhost", "romeo@localhost/x"), true);
	equal(rm.is_contact_subscribed("mercutio", "localhost", "juliet@localhost"), false);
	equal(type(again[false]), "table");
end);

test("modules", function ()
	local mm = require "core.modulemanager";
	equal(mm.is_loaded("localhost", module.name), true);
	equal(mm.is_loaded("localhost", "life"), false);
	equal((mm.load("localhost", "nosuch")), nil);
	equal(mm.load("localhost", "life").is_life, true);
	equal(select(2, mm.load("localhost", "life")), "module-already-loaded");
	equal(mm.get_module("localhost", "life").is_life, true);
	equal(mm.get_modules("localhost").life.is_life, true);
	equal(mm.reload("localhost", "life"), true);
	equal(mm.unload("localhost", "life"), true);
	equal(select(2, mm.unload("localhost", "life")) ~= nil, true);
	equal(mm.get_modules_for_host("localhost"):contains("roster"), true);
end);

test("hosts", function ()
	local hm = require "core.hostmanager";
	equal(hm.get_children("localhost")["rooms.localhost"], true);
	local seen = {};
	module:hook_global("host-activated", function (event) table.insert(seen, "+" .. tostring(event.host)); end);
	module:hook_global("host-deactivated", function (event) table.insert(seen, "-" .. tostring(event.host)); end);
	equal(hm.deactivate("other.localhost"), true);
	equal(prosody.hosts["other.localhost"], nil);
	equal(hm.activate("other.localhost"), true);
	equal(prosody.hosts["other.localhost"].type, "local");
	equal(seen, { "-other.localhost", "+other.localhost" });
	equal((hm.activate("localhost")), nil);
end);

test("permissions on a component: users of its parent host, of other hosts, of elsewhere, administrators", function ()
	local m = module:context("rooms.localhost");
	for _, role in ipairs { "guest", "registered", "admin" } do
		m:default_permission("prosody:" .. role, ":as-" .. role);
	end
	local function allowed(jid)
		local list = {};
		for _, role in ipairs { "guest", "registered", "admin" } do
			if m:could(":as-" .. role, jid) then table.insert(list, role); end
		end
		return table.concat(list, " ");
	end
	equal(allowed("romeo@localhost"), "guest registered");
	equal(allowed("romeo@other.localhost"), "guest");
	equal(allowed("romeo@elsewhere"), "guest");
	equal(allowed("admin@localhost"), "guest registered admin");
end);
