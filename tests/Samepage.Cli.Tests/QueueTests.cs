using System.Text.Json;

namespace Samepage.Cli.Tests;

/// <summary>send, receive, create queue.</summary>
public sealed class QueueTests : CliTest
{
    [Fact]
    public void Each_message_goes_to_one_in_order()
    {
        Create("queue", "jobs");
        Assert.Equal("sent 3 messages (11 bytes) to \"jobs\"\n", Succeed("send", "jobs", "one", "two", "three").Text);
        Assert.Equal("one\n", Succeed("receive", "jobs", "--count", "1").Text);
        Assert.Equal("two\nthree\n", Succeed("receive", "jobs", "--timeout", "0").Text);
        Assert.Equal(3, Run("receive", "jobs", "--count", "1", "--timeout", "0").Code);
        Running waiting = Start("receive", "jobs", "--count", "1");
        Until("jobs", info => info.GetProperty("channel").GetProperty("readers").GetArrayLength() == 1);
        Assert.Equal(0, RunOn("from input\n"u8, "send", "jobs").Code);
        Assert.Equal((0, "from input\n"), (waiting.End() is var end ? end.Code : -1, end.Text));
    }

    [Fact]
    public void The_highest_priority_comes_first()
    {
        Create("queue", "jobs", "--priorities", "3");
        Succeed("send", "jobs", "low", "low too");
        Succeed("send", "jobs", "high", "--priority", "2");
        Assert.Equal("high\nlow\nlow too\n", Succeed("receive", "jobs", "--count", "3").Text);
        Fail(2, "send", "jobs", "x", "--priority", "3");
        Assert.Contains("\"never\" is no time to acknowledge", Fail(2, "receive", "jobs", "--ack", "never"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_printed_is_delivered_again_unless_it_was_acknowledged_before()
    {
        Create("queue", "jobs");
        Succeed("send", "jobs", "job");
        Assert.Equal(1, Shell("$samepage receive jobs --count 1 > /dev/full").End().Code);
        JsonElement again = JsonDocument.Parse(Succeed("receive", "jobs", "--count", "1", "--json").Bytes).RootElement;
        Assert.Equal(("job", 2), (again.GetProperty("text").GetString(), again.GetProperty("deliveries").GetInt32()));
        Succeed("send", "jobs", "other");
        Assert.Equal(1, Shell("$samepage receive jobs --count 1 --ack before > /dev/full").End().Code);
        Assert.Equal(3, Run("receive", "jobs", "--count", "1", "--timeout", "0").Code);
    }

    [Fact]
    public void A_full_queue_lets_the_sender_wait_until_the_time_has_run_out()
    {
        Create("queue", "jobs", "--capacity", "64K");
        Outcome full = Run("send", "jobs", "0123456789", "--count", "100000", "--timeout", "50ms");
        Assert.Equal(3, full.Code);
        Assert.Contains("queue \"jobs\" had no room within 0.05 s", full.Error, StringComparison.Ordinal);
        Create("queue", "drops", "--capacity", "64K", "--full", "drop-newest");
        Outcome dropped = Run("send", "drops", "0123456789", "--count", "10000");
        Assert.Equal(0, dropped.Code);
        Assert.Contains("messages were dropped", dropped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_is_seen_and_not_taken()
    {
        Running maker = Create("queue", "jobs");
        Running holder = Start("hold", "jobs").After("holding queue");
        maker.Interrupt();
        Succeed("send", "jobs", "one", "two", "three");
        Succeed("receive", "jobs", "--count", "1");
        JsonElement seen = Json("peek", "jobs", "--json");
        Assert.Equal(["two", "three"], seen.EnumerateArray().Select(m => m.GetProperty("text").GetString()));
        Assert.Equal(0, seen[0].GetProperty("deliveries").GetInt32());
        Assert.Equal("0 senders, 0 receivers, 2 waiting", Succeed("ls").Lines[1].Split('\t')[4]);
        Assert.Contains("sender:      nobody  lane 0, 3 written, 2 waiting", Succeed("info", "jobs").Lines);
        Assert.Equal("wait", Json("info", "jobs", "--json").GetProperty("channel").GetProperty("queueFullMode").GetString());
        holder.Interrupt();
    }
}
