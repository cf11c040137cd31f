local t = require "test.harness";

t.case("util.hex", function ()
	local hex = require "util.hex";
	t.same({ hex.encode("\0a\255"), hex.to("ab"), hex.decode("0061FF"), hex.from("6162") }, { "0061ff", "6162", "\0a\255", "ab" });
	t.same({ hex.decode("61:62 63"), hex.decode(""), hex.encode(""), hex.decode("6") }, { "abc", "", "", "6" });
	t.same({ hex.decode("xyz"), hex.decode("Z6162!"), hex.decode("616"), hex.decode("6 6 61") }, { "xyz", "ab", "a6", "6 6 61" and "6 6a" });
end);

t.case("util.random, util.id", function ()
	local random, id = require "util.random", require "util.id";
	t.same({ #random.bytes(16), #random.bytes(1), random.bytes(16) == random.bytes(16) }, { 16, 1, false });
	t.same({ #id.tiny(), #id.short(), #id.medium(), #id.long(), #id.custom(12)() }, { 4, 12, 24, 36, 16 });
	t.same({ id.long():find("^[%w_-]+$") }, { 1, 36 });
	t.same(id.short() == id.short(), false);
end);

t.case("util.uuid", function ()
	local uuid = require "util.uuid";
	t.same(uuid.generate():match("^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$") ~= nil, true);
	t.same({ #uuid.get_nibbles(7), uuid.generate() == uuid.generate() }, { 7, false });
	if uuid.v7 then
		t.same(uuid.v7():match("^%x+%-%x+%-7%x+%-[89ab]%x+%-%x+$") ~= nil, true);
		t.same(uuid.v7() < uuid.v7(), true);
	end
end);

t.case("util.time", function ()
	local time = require "util.time";
	local now, mono = time.now(), time.monotonic();
	t.same({ math.abs(now - os.time()) < 5, type(mono), time.monotonic() >= mono }, { true, "number", true });
end);

t.case("util.datetime", function ()
	local datetime = require "util.datetime";
	t.same({ datetime.date(0), datetime.time(0), datetime.datetime(0), datetime.legacy(0) },
		{ "1970-01-01", "00:00:00", "1970-01-01T00:00:00Z", "19700101T00:00:00" });
	t.same(datetime.datetime(1136239445), "2006-01-02T22:04:05Z");
	t.same(datetime.parse("2006-01-02T22:04:05Z"), 1136239445);
	for _, same in ipairs { "20060102T22:04:05", "2006-01-02T22:04:05", "2006-01-02T23:04:05+01:00", "2006-01-02T21:34:05-00:30";
		"2006-01-02T23:04:05+01", "2006-01-02T23:04:05+0100", "2006-01-02T22:04:05.Z", "2006-01-02T21:63:65Z" } do
		t.same({ same, datetime.parse(same) }, { same, 1136239445 });
	end
	t.same(math.floor(datetime.parse("2006-01-02T22:04:05.75Z")), 1136239445);
	for _, bad in ipairs { "", "now", "2006-01-02", "2006-1-2T22:04:05Z", "2006-01-02T22:04Z", "2006-01-02T22:04:05x", "2006-01-02 22:04:05" } do
		t.same({ bad, datetime.parse(bad) }, { bad });
	end
	t.same(datetime.parse(nil), nil);
	t.same(math.abs(datetime.parse(datetime.datetime()) - os.time()) < 5, true);
	if OURS then -- 13
		t.same({ datetime.datetime(0.5), datetime.time(1.25) }, { "1970-01-01T00:00:00.500000Z", "00:00:01.250000" });
		t.same(datetime.parse("1970-01-01T00:00:00.5Z"), 0.5);
	end
end);

t.case("util.throttle", function ()
	local throttle = require "util.throttle".create(2, 1000000);
	t.same({ throttle:peek(), throttle:poll(1), throttle:poll(1), throttle:poll(1) }, { true, true, true, false, throttle.balance, 1 - throttle.balance });
	t.same({ throttle.max, throttle:peek(3), throttle:update() < 1 }, { 2, false, true });
	throttle.balance = 1.5;
	local ok, balance, missing = throttle:poll(2, true);
	t.same({ ok, balance >= 1.5, missing <= 0.5, throttle.balance }, { false, true, true, 0 });
	t.raises("", require "util.throttle".create, nil, nil);
end);

return t.finish();
