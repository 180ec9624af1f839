using System.Text.Json;

namespace Samepage.Cli.Tests;

/// <summary>What is seen of a channel from aside: peek, info, ls.</summary>
public sealed class PeekTests : CliTest
{
    [Fact]
    public void The_last_messages_are_shown_and_nothing_is_taken()
    {
        Create("topic", "news");
        Succeed("pub", "news", "--kind", "7", "one", "two");
        Succeed("pub", "news", "a tab\tand a long one, which is cut wherever it is too long to be shown");
        string[][] rows = [.. Succeed("peek", "news").Lines.Select(l => l.Split('\t'))];
        Assert.Equal(["WRITER", "NUMBER", "KIND", "LENGTH", "BEGINNING"], rows[0]);
        Assert.Equal(["0", "0", "7", "3", "one"], rows[1]);
        Assert.Equal(["0", "1", "7", "3", "two"], rows[2]);
        Assert.Equal(["0", "2", "0", "70", @"a tab\u0009and a long one, which is cut wherever it i…"], rows[3]);
        Assert.Equal("two", Json("peek", "news", "--count", "2", "--json")[0].GetProperty("text").GetString());
        Assert.Contains("kind 7  3 bytes\n00000000  6f 6e 65", Succeed("peek", "news", "--hex").Text, StringComparison.Ordinal);
        Assert.Equal("one\ntwo\n", Succeed("sub", "news", "--history", "all", "--count", "2").Text);
        Assert.Equal(4, Succeed("peek", "news").Lines.Length);
    }

    [Fact]
    public void Who_listens_at_a_pipe_is_told()
    {
        Running listener = Start("cat", "--listen", "chat");
        int looks = 0;
        while (Run("info", "chat").Code != 0)
            Assert.True(++looks < 100, "It never listens.");
        Until("chat", info => info.TryGetProperty("channel", out JsonElement channel) && channel.GetProperty("writers")[0].GetProperty("processId").GetInt32() == listener.Id);
        Assert.Equal("bytes", Json("info", "chat", "--json").GetProperty("channel").GetProperty("pipeMode").GetString());
        string[] lines = Succeed("info", "chat").Lines;
        Assert.Contains("carries:     a stream of bytes", lines);
        Assert.Contains(lines, l => l.StartsWith($"listener:    {listener.Id} ", StringComparison.Ordinal));
        Assert.Equal("0 connections", Succeed("ls").Lines[1].Split('\t')[4]);
        Assert.Empty(Succeed("peek", "chat").Lines[1..]);
    }

    [Fact]
    public void Of_many_the_last_whatever_was_overwritten()
    {
        Create("topic", "log", "--capacity", "64K", "--full", "drop-oldest");
        Assert.Equal(0, RunOn(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"))), "pub", "log").Code);
        JsonElement last = Json("peek", "log", "--count", "100", "--json");
        Assert.Equal(Enumerable.Range(19_900, 100).Select(i => $"line {i}"), last.EnumerateArray().Select(m => m.GetProperty("text").GetString()));
        JsonElement all = Json("peek", "log", "--count", "100000", "--json");
        Assert.InRange(all.GetArrayLength(), 1000, 4096);
        Assert.Equal(Enumerable.Range(20_000 - all.GetArrayLength(), all.GetArrayLength()), all.EnumerateArray().Select(m => m.GetProperty("number").GetInt32()));
    }

    [Fact]
    public void A_publisher_at_full_speed_is_not_in_the_way()
    {
        Create("topic", "log", "--capacity", "64K", "--full", "drop-oldest");
        Running publisher = Start("pub", "log", "0123456789", "--count", "1000000000");
        Until("log", info => info.GetProperty("channel").GetProperty("writers").GetArrayLength() == 1);
        for (int time = 0; time < 5; time++)
        {
            JsonElement seen = Json("peek", "log", "--count", "20", "--json");
            Assert.All(seen.EnumerateArray(), m => Assert.Equal(("0123456789", publisher.Id), (m.GetProperty("text").GetString(), m.GetProperty("processId").GetInt32())));
        }
        Assert.Equal(130, publisher.Interrupt().Code);
    }

    [Fact]
    public void Who_takes_part_and_how_far_they_are_is_told()
    {
        Create("topic", "log", "--capacity", "64K");
        Running subscriber = Start("sub", "log");
        Until("log", info => info.GetProperty("channel").GetProperty("readers").GetArrayLength() == 1);
        subscriber.Signal(19);
        Running publisher = Start("pub", "log");
        publisher.Input.Write("one\ntwo\nthree\n"u8);
        publisher.Input.Flush();
        Until("log", info => info.GetProperty("channel").GetProperty("writers") is var writers && writers.GetArrayLength() == 1 && writers[0].GetProperty("written").GetInt64() == 3);

        JsonElement channel = Json("info", "log", "--json").GetProperty("channel");
        JsonElement writer = channel.GetProperty("writers")[0], reader = channel.GetProperty("readers")[0];
        Assert.Equal((publisher.Id, true), (writer.GetProperty("processId").GetInt32(), writer.GetProperty("isAlive").GetBoolean()));
        Assert.Equal((subscriber.Id, true), (reader.GetProperty("processId").GetInt32(), reader.GetProperty("isAlive").GetBoolean()));
        Assert.Equal(3, reader.GetProperty("lag").GetInt64());
        string[] lines = Succeed("info", "log").Lines;
        Assert.Contains("messages:    bytes", lines);
        Assert.Contains("room:        65,536 bytes for each of 16 publishers; when full it waits", lines);
        Assert.Contains(lines, l => l.StartsWith($"publisher:   {publisher.Id} ", StringComparison.Ordinal) && l.EndsWith("  lane 0, 3 written", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith($"subscriber:  {subscriber.Id} ", StringComparison.Ordinal) && l.EndsWith("  3 behind", StringComparison.Ordinal));
        Assert.Equal("1 publisher, 1 subscriber, 3 behind", Succeed("ls").Lines[1].Split('\t')[4]);

        publisher.Signal(9);
        publisher.End();
        subscriber.Signal(18);
        subscriber.After("three");
        // The subscriber is told of its end, and gives up its place.
        Until("log", info => info.GetProperty("channel").GetProperty("writers")[0].GetProperty("processId").GetInt32() == 0);
        Assert.Equal("0 publishers, 1 subscriber", Succeed("ls").Lines[1].Split('\t')[4]);
    }

    [Fact]
    public void What_holds_no_messages_is_refused()
    {
        Create("section", "zzj", "--size", "4K");
        Assert.Contains("\"samepage dump\" shows its bytes", Fail(1, "peek", "zzj"), StringComparison.Ordinal);
        Fail(1, "peek", "absent");
        Fail(2, "peek", "zzj", "--count", "0");
    }
}
