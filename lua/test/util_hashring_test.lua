local t = require "test.harness";
local hashring = require "util.hashring";

local function hash(text)
	local h = 7;
	for i = 1, #text do h = (h * 31 + text:byte(i)) % 1000003; end
	return h;
end

t.case("few keys move", function ()
	local ring = hashring.new(64, hash);
	ring:add_nodes { "a", "b", "c" };
	local before = {};
	for i = 1, 200 do before[i] = ring:get_node("key"..i); end
	local copy = ring:clone();
	t.same({ ring:remove_node("b"), ring:remove_node("b") }, { true, false });
	for i = 1, 200 do
		if before[i] ~= "b" then t.same(ring:get_node("key"..i), before[i]); end
		t.same(copy:get_node("key"..i), before[i]);
	end
end);

return t.finish();
