local t = require "test.harness";
local accounts = {};
local saved = { package.loaded["core.usermanager"], rawget(_G, "prosody") };
package.loaded["core.usermanager"] = {
	user_exists = function (user) return accounts[user] ~= nil; end;
	create_user = function (user, password) accounts[user] = password; return true; end;
	set_password = function (user, password) accounts[user] = password; return true; end;
	delete_user = function (user) accounts[user] = nil; return true; end;
};
t.stand_in("util.encodings", { stringprep = { nodeprep = string.lower, nameprep = string.lower } });
rawset(_G, "prosody", { hosts = { localhost = {} } });
package.loaded["util.prosodyctl"] = nil;
local ctl = require "util.prosodyctl";

t.case("accounts", function ()
	local romeo = { user = "Romeo", host = "localhost", password = "x" };
	t.same({ ctl.passwd(romeo) }, { false, "no-such-user" });
	t.same({ ctl.adduser(romeo), ctl.user_exists(romeo), accounts.romeo }, { true, true, "x" });
	t.same({ ctl.deluser(romeo), ctl.user_exists(romeo) }, { true, false });
	t.same({ ctl.adduser { user = "a", host = "elsewhere", password = "x" } }, { false, "no-such-host" });
end);

t.case("texts", function ()
	t.same(ctl.error_messages["no-idea-what"], "no idea what");
	t.same({ ctl.isrunning() }, { true, true });
end);

package.loaded["core.usermanager"], package.loaded["util.prosodyctl"] = saved[1], nil;
rawset(_G, "prosody", saved[2]);
return t.finish();
