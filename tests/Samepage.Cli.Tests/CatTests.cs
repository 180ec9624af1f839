namespace Samepage.Cli.Tests;

/// <summary>cat: the ends of a pipe on standard input and output.</summary>
public sealed class CatTests : CliTest
{
    [Fact]
    public void Bytes_go_through_as_they_are_and_both_end()
    {
        byte[] bytes = new byte[5_000_003];
        new Random(7).NextBytes(bytes);
        Running listener = Start("cat", "--listen", "copy");
        Running other = Start("cat", "copy");
        other.Input.Close();
        listener.Input.Write(bytes);
        listener.Input.Close();
        Outcome received = other.End(), sent = listener.End();
        Assert.Equal((0, "", 0, ""), (received.Code, received.Error, sent.Code, sent.Error));
        Assert.Equal(bytes, received.Bytes);
        Assert.Empty(sent.Bytes);
        Fail(1, "info", "copy");
    }

    [Fact]
    public void The_end_of_the_input_leaves_the_other_direction_open()
    {
        Running client = Start("cat", "talk");
        Running server = Start("cat", "talk", "--listen");
        client.Input.Write("question"u8);
        client.Input.Close();
        server.After("question");
        server.Input.Write("answer"u8);
        server.Input.Flush();
        client.After("answer");
        server.Input.Write(", and more"u8);
        server.Input.Close();
        Assert.Equal((0, "answer, and more"), (client.End() is var end ? end.Code : -1, end.Text));
        Assert.Equal((0, "question"), (server.End() is var other ? other.Code : -1, other.Text));
    }

    [Fact]
    public void A_directory_goes_through_tar()
    {
        Directory.CreateDirectory(Path.Combine(Root, "from", "below"));
        Directory.CreateDirectory(Path.Combine(Root, "to"));
        byte[] bytes = new byte[300_000];
        new Random(8).NextBytes(bytes);
        File.WriteAllBytes(Path.Combine(Root, "from", "below", "file"), bytes);
        Running there = Shell("$samepage cat copy --no-input | tar x -C to");
        Running here = Shell("tar c from | $samepage cat --listen copy");
        Assert.Equal((0, 0), (here.End().Code, there.End().Code));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(Root, "to", "from", "below", "file")));
    }

    [Fact]
    public void A_killed_peer_is_told_after_what_it_wrote()
    {
        Running listener = Start("cat", "--listen", "talk");
        Running client = Start("cat", "talk");
        listener.Input.Write("last words"u8);
        listener.Input.Flush();
        client.After("last words");
        listener.Signal(9);
        client.Input.Close();
        Outcome end = client.End();
        Assert.Equal((1, "last words"), (end.Code, end.Text));
        Assert.StartsWith("samepage: ", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_ends_with_time_and_with_Ctrl_C()
    {
        Assert.Contains("nobody connected to \"talk\" within 0.05 s", Fail(3, "cat", "--listen", "talk", "--timeout", "50ms"), StringComparison.Ordinal);
        Assert.Contains("nobody listened at \"talk\" within 0.05 s", Fail(3, "cat", "talk", "--timeout", "50ms"), StringComparison.Ordinal);
        Running listener = Start("cat", "--listen", "talk");
        Until(listener);
        Assert.Contains("talk", Fail(1, "cat", "--listen", "talk"), StringComparison.Ordinal);
        Assert.Equal(130, listener.Interrupt().Code);
        Running connected = Start("cat", "--listen", "talk");
        Running client = Start("cat", "talk");
        client.Input.Write("x"u8);
        client.Input.Flush();
        connected.After("x");
        Assert.Equal(130, connected.Interrupt().Code);
        Fail(2, "cat", "talk", "--capacity", "1M");
    }

    private void Until(Running listener)
    {
        for (int looks = 0; Run("info", "talk").Code != 0; looks++)
            Assert.True(looks < 100, listener.Error);
    }
}
