local t = require "test.harness";
local socket = require "socket";

t.case("addresses", function ()
	t.same({ socket.dns.toip("127.0.0.1"), type(socket.dns.gethostname()) }, { "127.0.0.1", "string" });
	local list = socket.dns.getaddrinfo("127.0.0.1");
	t.same({ list[1].family, list[1].addr }, { "inet", "127.0.0.1" });
end);

t.case("a connection", function ()
	local listening = assert(socket.bind("127.0.0.1", 0));
	local ip, port = listening:getsockname();
	t.same(ip, "127.0.0.1");
	local client = assert(socket.connect("127.0.0.1", port));
	local server = assert(listening:accept());
	t.same({ client:send("one\r\ntwo\nabcdef") == 15 }, { true });
	t.same({ server:receive(), server:receive("*l"), server:receive(3) }, { "one", "two", "abc" });
	server:settimeout(0.01);
	t.same({ server:receive(10) }, { nil, "timeout", "def" });
	t.same({ client:send("12345", 2, 3) == 3 }, { true });
	client:close();
	server:settimeout(nil);
	t.same({ server:receive("*a") }, { "23" });
	t.same({ server:receive() }, { nil, "closed", "" });
	server:close();
	listening:close();
	t.same({ (select(2, server:send("x"))) }, { "closed" });
end);

t.case("refused", function ()
	local listening = assert(socket.bind("127.0.0.1", 0));
	local _, port = listening:getsockname();
	listening:close();
	local sock = socket.tcp();
	t.same({ sock:connect("127.0.0.1", port) }, { nil, "connection refused" });
end);

t.case("packets", function ()
	local one, two = socket.udp(), socket.udp();
	t.same({ one:setsockname("127.0.0.1", 0) }, { 1 });
	local _, port = one:getsockname();
	t.same({ two:setpeername("127.0.0.1", port) }, { 1 });
	t.same({ two:send("hello") and true }, { true });
	local data, ip, from = one:receivefrom();
	t.same({ data, ip }, { "hello", "127.0.0.1" });
	t.same({ one:sendto("back", ip, from) and true }, { true });
	t.same({ (two:receive()) }, { "back" });
	one:close();
	two:close();
end);

return t.finish();
