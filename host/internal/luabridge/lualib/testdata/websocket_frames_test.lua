local t = require "test.harness";
local frames = require "net.websocket.frames";

local function buffer(text)
	return {
		sub = function (_, i, j) return text:sub(i, j); end;
		byte = function (_, i, j) return text:byte(i, j); end;
		length = function () return #text; end;
		len = function () return #text; end;
	};
end

t.case("a frame and back", function ()
	for _, size in ipairs { 0, 5, 125, 126, 65535, 65536 } do
		for _, masked in ipairs { true, false } do
			local data = ("x"):rep(size);
			local bytes = frames.build { FIN = true, opcode = 1, MASK = masked, data = data };
			for _, source in ipairs { bytes .. "rest", buffer(bytes .. "rest") } do
				local frame, length = frames.parse(source);
				t.same({ frame.FIN, frame.RSV1, frame.opcode, frame.MASK, frame.length, length }, { true, false, 1, masked, size, #bytes });
				t.same(frame.data == data, true);
			end
		end
	end
end);

t.case("examples of RFC 6455 §5.7", function ()
	t.same(frames.build { FIN = true, opcode = 1, data = "Hello" }, "\129\5Hello");
	t.same(frames.build { FIN = true, opcode = 1, MASK = true, key = "\55\250\33\61", data = "Hello" }, "\129\133\55\250\33\61\127\159\77\81\88");
	t.same(frames.parse("\129\133\55\250\33\61\127\159\77\81\88").data, "Hello");
	t.same(frames.build { FIN = false, opcode = 1, data = "Hel" }, "\1\3Hel");
end);

t.case("what is not complete", function ()
	t.same({ frames.parse("\129") }, {});
	local _, _, header = frames.parse("\129\5Hel");
	t.same({ header.length, header.data }, { 5 });
end);

t.case("closing", function ()
	local frame = frames.parse(frames.build_close(1000, "bye"));
	t.same({ frame.opcode, frames.parse_close(frame.data) }, { 8, 1000, "bye" });
	t.same({ frames.parse_close("x") }, {});
	t.raises("125 bytes", frames.build, { opcode = 8, data = ("x"):rep(126) });
	t.raises("opcode", frames.build, { data = "x" });
end);

return t.finish();
