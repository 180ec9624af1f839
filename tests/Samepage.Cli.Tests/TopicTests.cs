using System.Text.Json;

namespace Samepage.Cli.Tests;

/// <summary>pub, sub and create topic.</summary>
public sealed class TopicTests : CliTest
{
    [Fact]
    public void Every_subscriber_prints_what_is_published_in_order()
    {
        Create("topic", "news");
        Running first = Subscribe(1, "sub", "news", "--count", "3");
        Running second = Subscribe(2, "sub", "news", "--count", "3");
        Assert.Equal("published 2 messages (14 bytes) to \"news\"\n", Succeed("pub", "news", "it rains", "at six").Text);
        Succeed("pub", "news", "Ünïcödé 🚀");
        Assert.All([first.End(), second.End()], end => Assert.Equal((0, "it rains\nat six\nÜnïcödé 🚀\n", ""), (end.Code, end.Text, end.Error)));
    }

    [Theory]
    [InlineData("one\ntwo\n\nfour\n", "one\ntwo\n\nfour\n", 4)]
    [InlineData("one\r\ntwo", "one\ntwo\n", 2)]
    [InlineData("", "", 0)]
    public void The_lines_of_standard_input_are_messages(string input, string printed, int count)
    {
        Create("topic", "log");
        Outcome published = RunOn(System.Text.Encoding.UTF8.GetBytes(input), "pub", "log", "-");
        Assert.Equal(0, published.Code);
        Assert.StartsWith($"published {count} message", published.Text, StringComparison.Ordinal);
        Outcome end = Run("sub", "log", "--history", "all", "--timeout", "0");
        Assert.Equal((0, printed), (end.Code, end.Text));
    }

    [Fact]
    public void A_line_goes_out_when_it_is_there_and_not_when_the_input_ends()
    {
        Create("topic", "log");
        Running subscriber = Subscribe(1, "sub", "log");
        Running publisher = Start("pub", "log");
        publisher.Input.Write("first\nsec"u8);
        publisher.Input.Flush();
        subscriber.After("first\n");
        publisher.Input.Write("ond\n"u8);
        publisher.Input.Flush();
        subscriber.After("second\n");
        publisher.Input.Close();
        Assert.Equal(0, publisher.End().Code);
        Outcome end = subscriber.Interrupt();
        Assert.Equal((130, "first\nsecond\n"), (end.Code, end.Text));
    }

    [Fact]
    public void A_file_is_a_message_and_raw_gives_it_back_to_the_byte()
    {
        byte[] bytes = new byte[3_000_001];
        new Random(5).NextBytes(bytes);
        File.WriteAllBytes(Path.Combine(Root, "frame"), bytes);
        Create("topic", "frames", "--capacity", "8M");
        Succeed("pub", "frames", "--file", "frame");
        Assert.Equal(0, RunOn(bytes.AsSpan(0, 100_000), "pub", "frames", "--file", "-").Code);
        Assert.Equal([.. bytes, .. bytes[..100_000]], Succeed("sub", "frames", "--history", "all", "--raw", "--count", "2").Bytes);
    }

    [Fact]
    public void Kinds_are_chosen_by_and_history_counts_back()
    {
        Create("topic", "news");
        Succeed("pub", "news", "a", "--kind", "1");
        Succeed("pub", "news", "b", "--kind", "0x2");
        Succeed("pub", "news", "c", "--kind", "3");
        Assert.Equal("a\nc\n", Succeed("sub", "news", "--kind", "1", "--kind", "3", "--history", "all", "--count", "2").Text);
        Assert.Equal("b\nc\n", Succeed("sub", "news", "--history", "2", "--count", "2").Text);
    }

    [Fact]
    public void Json_and_hex_tell_the_kind_as_well()
    {
        Create("topic", "news");
        Succeed("pub", "news", "zwölf", "--kind", "12");
        File.WriteAllBytes(Path.Combine(Root, "bytes"), [0xff, 0, 1]);
        Succeed("pub", "news", "--file", "bytes");
        JsonElement[] messages = [.. Succeed("sub", "news", "--history", "all", "--count", "2", "--json").Lines.Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal((12, 6, "zwölf"), (messages[0].GetProperty("kind").GetInt32(), messages[0].GetProperty("length").GetInt32(), messages[0].GetProperty("text").GetString()));
        Assert.Equal([0xff, 0, 1], messages[1].GetProperty("base64").GetBytesFromBase64());
        Assert.False(messages[1].TryGetProperty("text", out _));
        Assert.Contains("kind 12, 6 bytes\n00000000  7a 77 c3 b6 6c 66", Succeed("sub", "news", "--history", "all", "--count", "1", "--hex").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subscriber_may_come_first_and_make_the_topic()
    {
        Running subscriber = Subscribe(1, "sub", "news", "--create", "--full", "drop-oldest", "--capacity", "64K", "--count", "1");
        Assert.Equal("dropOldest", Json("info", "news", "--json").GetProperty("channel").GetProperty("fullMode").GetString());
        Succeed("pub", "news", "--create", "hello");
        Assert.Equal("hello\n", subscriber.End().Text);
        Fail(1, "info", "news");
    }

    [Fact]
    public void What_was_overwritten_is_told_on_the_error_output()
    {
        Create("topic", "log", "--capacity", "64K", "--full", "drop-oldest");
        Running subscriber = Subscribe(1, "sub", "log");
        subscriber.Signal(19);  // SIGSTOP
        Succeed("pub", "log", "0123456789012345678901234567890123456789", "--count", "5000");
        subscriber.Signal(18);  // SIGCONT
        subscriber.After("0123456789");
        Succeed("pub", "log", "the end");
        subscriber.After("the end");
        Outcome end = subscriber.Interrupt();
        string told = Assert.Single(end.Error.TrimEnd().Split('\n'));
        int missed = int.Parse(told["samepage: missed ".Length..].Split(' ')[0].Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(5001, missed + end.Lines.Length);
    }

    [Fact]
    public void A_topic_that_drops_the_newest_tells_its_publisher()
    {
        Create("topic", "log", "--capacity", "64K", "--full", "drop-newest");
        Running subscriber = Subscribe(1, "sub", "log");
        subscriber.Signal(19);
        Outcome published = Run("pub", "log", "0123456789012345678901234567890123456789", "--count", "5000");
        Assert.Contains("messages were dropped", published.Error, StringComparison.Ordinal);
        subscriber.Signal(18);
        subscriber.After("0123456789");
    }

    [Fact]
    public void A_publisher_waits_for_the_slowest_until_it_is_dead()
    {
        Create("topic", "log", "--capacity", "64K");
        Running subscriber = Subscribe(1, "sub", "log");
        subscriber.Signal(19);
        Running publisher = Start("pub", "log", "0123456789012345678901234567890123456789", "--count", "5000");
        Until("log", info => info.GetProperty("channel").GetProperty("readers")[0] is var reader && reader.TryGetProperty("lag", out JsonElement lag) && lag.GetInt64() > 1000);
        subscriber.Signal(9);
        subscriber.End();
        Assert.Equal("published 5,000 messages (200,000 bytes) to \"log\"\n", publisher.End().Text);
    }

    [Fact]
    public void Times_run_out()
    {
        Create("topic", "news");
        Assert.Equal(3, Run("sub", "news", "--count", "1", "--timeout", "50ms").Code);
        Assert.Equal(0, Run("sub", "news", "--timeout", "50ms").Code);
    }

    [Fact]
    public void Wrong_uses_are_refused()
    {
        Create("section", "zzj", "--size", "1");
        Create("topic", "news", "--capacity", "64K");
        Assert.Contains("no topic named \"newz\" is alive", Fail(1, "pub", "newz", "x"), StringComparison.Ordinal);
        Assert.Contains("Did you mean \"news\" (topic)?", Fail(1, "sub", "newz"), StringComparison.Ordinal);
        Fail(1, "pub", "zzj", "x");
        Fail(1, "create", "topic", "news");
        Fail(2, "pub", "news", "x", "--kind", "-1");
        Fail(2, "pub", "news", "x", "--file", "y");
        Fail(2, "pub", "news", "x", "--full", "wait");
        Fail(2, "pub", "news", "--count", "2");
        Fail(2, "sub", "news", "--hex", "--raw");
        Fail(2, "sub", "news", "--history", "some");
        File.WriteAllBytes(Path.Combine(Root, "large"), new byte[40_000]);
        Assert.Contains("does not fit", Fail(1, "pub", "news", "--file", "large"), StringComparison.Ordinal);
        Outcome line = RunOn(new byte[200_000], "pub", "news");
        Assert.Equal(1, line.Code);
        Assert.Contains("does not fit", line.Error, StringComparison.Ordinal);
        Assert.Equal("ok\n", Shell("$samepage pub news ok > /dev/null; $samepage sub news --history all --count 1").End().Text);
    }

    [Fact]
    public void A_reader_that_goes_away_ends_it_quietly()
    {
        Create("topic", "news");
        Succeed("pub", "news", "first", "second", "--count", "50000");
        Outcome outcome = Shell("{ $samepage sub news --history all; echo code $? >&2; } | head -c 1").End();
        Assert.Equal("code 141\n", outcome.Error);
    }

    [Fact]
    public void Hold_keeps_a_topic_and_its_messages()
    {
        Running maker = Create("topic", "news");
        Succeed("pub", "news", "kept");
        Running holder = Start("hold", "news").After("holding topic");
        maker.Interrupt();
        Assert.Equal("kept\n", Succeed("sub", "news", "--history", "all", "--count", "1").Text);
        holder.Interrupt();
        Fail(1, "info", "news");
    }

    /// <summary>Starts a subscriber and waits until it is one.</summary>
    private Running Subscribe(int subscribers, params string[] arguments)
    {
        Running started = Start(arguments);
        string name = arguments[1];
        for (int looks = 0; looks < 100; looks++)
        {
            Outcome info = Run("info", name, "--json");
            if (info.Code == 0 && JsonDocument.Parse(info.Bytes).RootElement.TryGetProperty("channel", out JsonElement channel) && channel.GetProperty("readers").GetArrayLength() == subscribers)
                return started;
        }
        Assert.Fail($"{string.Join(' ', arguments)} does not subscribe: {started.Error}");
        return started;
    }
}
