local t = require "test.harness";
local lfs = require "lfs";

t.case("lfs", function ()
	local dir = os.tmpname();
	os.remove(dir);
	t.same({ lfs.mkdir(dir), lfs.attributes(dir, "mode"), (lfs.mkdir(dir)) }, { true, "directory" });
	local file = io.open(dir.."/f", "w");
	file:write("hello");
	file:close();
	local info = lfs.attributes(dir.."/f");
	t.same({ info.mode, info.size, type(info.modification), type(info.permissions) }, { "file", 5, "number", "string" });
	t.same(lfs.attributes(dir.."/f", {}).size, 5);
	t.same({ lfs.symlinkattributes(dir, "mode"), lfs.touch(dir.."/f", 5, 7), lfs.attributes(dir.."/f", "modification") }, { "directory", true, 7 });
	local names = {};
	for name in lfs.dir(dir) do names[#names+1] = name; end
	table.sort(names);
	t.same(names, { ".", "..", "f" });
	local _, object = lfs.dir(dir);
	t.same({ type(object:next()), object:close() }, { "string" });
	t.same(t.pack(lfs.rmdir(dir.."/none")), { n = 3, nil, "No such file or directory", 2 });
	os.remove(dir.."/f");
	t.same({ lfs.rmdir(dir), lfs.currentdir():sub(1, 1) }, { true, "/" });
	t.same(t.pack(lfs.attributes(dir)), { n = 3, nil, "cannot obtain information from file '"..dir.."': No such file or directory", 2 });
	t.raises("cannot open", lfs.dir, dir);
	t.raises("invalid attribute name", lfs.attributes, "/", "nonsense");
end);

t.case("util.pposix", function ()
	local pposix = require "util.pposix";
	t.same({ type(pposix.getpid()), pposix.uname().sysname, type(pposix.meminfo().used), pposix.ENOENT }, { "number", "Linux", "number", 2 });
	local ok, soft, hard = pposix.getrlimit("NOFILE");
	t.same({ ok, soft ~= nil, hard ~= nil }, { true, true, true });
	t.same({ pposix.getrlimit("NONSENSE") }, { false, "invalid-resource" });
end);

t.case("util.signal", function ()
	local signal = require "util.signal";
	t.same({ signal.signal("SIGUSR2", function () end), signal.SIGHUP }, { true, 1 });
	t.raises("invalid signal string", signal.signal, "NONSENSE", function () end);
end);

t.case("socket", function ()
	local socket = require "socket";
	t.same(math.abs(socket.gettime() - os.time()) < 5, true);
	socket.sleep(0);
end);

return t.finish();
