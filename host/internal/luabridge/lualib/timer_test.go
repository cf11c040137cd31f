package lualib

import (
	"testing"
)

func TestTimer(t *testing.T) {
	w := newWorld(luaTree)
	w.code(t, `
		timer, log = require "util.timer", {}
		id = timer.add_task(0, function(now, id, param)
			log[#log+1] = { math.abs(now - os.time()) < 5, id, param }
			if #log < 3 then return 0.001 end
		end, "param")
		stopped = timer.add_task(0.001, function() log.stopped = true end)
		first, callback = timer.stop(stopped)
		failing = timer.add_task(0, function() error "oops" end)
		moved = timer.add_task(3600, function() log.moved = true end)
		timer.reschedule(moved, 0.001)
		huge = timer.add_task(1e300, function() log.huge = true end)`, "timers")
	w.until(t, "#log == 3 and log.moved")
	w.code(t, `
		for i = 1, 3 do assert(log[i][1] and log[i][2] == id and log[i][3] == "param") end
		assert(first == true and type(callback) == "function" and not log.stopped and not log.huge)
		assert(timer.stop(stopped) == nil and timer.stop(nil) == nil and timer.stop(id) == nil)
		assert(timer.stop(huge))`, "timers")
}

func TestTimerStoppedByItsFunction(t *testing.T) {
	w := newWorld(luaTree)
	w.code(t, `
		timer, count = require "util.timer", 0
		timer.add_task(0, function(_, id) count = count + 1 timer.stop(id) return 0 end)
		timer.add_task(0.005, function() over = true end)`, "timers")
	w.until(t, "over")
	w.code(t, `assert(count == 1, count)`, "timers")
}
