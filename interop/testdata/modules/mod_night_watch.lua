-- Tells romeo, wherever he is or when he comes, that a task of each kind has run. Those of the day and of the week are due as soon as there is somebody to
-- run them; the one of the hour has run just now.

local st = require "util.stanza";

local function tell(task)
	module:send(st.message({ from = module.host; to = "romeo@" .. module.host; type = "chat"; id = task.when }, "It is the " .. task.name));
end

module:cron({ when = "daily"; name = "lark"; last = 0; run = tell });
module:cron({ when = "weekly"; name = "nightingale"; last = 0; run = tell });
module:cron({ when = "hourly"; name = "clock"; last = os.time(); run = tell });
