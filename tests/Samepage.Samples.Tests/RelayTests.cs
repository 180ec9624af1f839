using System.Text;

namespace Samepage.Samples.Tests;

/// <summary>W60: every character in step, whichever starts first, and whichever dies first.</summary>
public sealed class RelayTests() : SampleTests("Relay")
{
    private const int Complete = 0;
    private const int Refused = 2;
    private const int PeerGone = 3;

    private const string Lines = "\uFEFFone\r\n\r\ntwo: äß€, ж, 漢字\n\t\0three: 😀 👩‍🚀 \U00010348 \u0301\nno newline at the end";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void W60_all_input_arrives_exactly(bool serverFirst)
    {
        (Sample server, Sample client) = StartBoth(serverFirst);

        server.Write(Lines).EndInput().Ends(Complete);

        Assert.Equal(Encoding.UTF8.GetBytes(Lines), client.Ends(Complete).Output.Bytes);
        Assert.Empty(Objects);
    }

    [Fact]
    public void W60_a_long_input_arrives_exactly()
    {
        var random = new Random(60);
        var text = new StringBuilder();
        while (text.Length < 20_000)
            text.Append(Rune.TryCreate(random.Next(0x20000), out Rune character) ? character.ToString() : "\n");
        (Sample server, Sample client) = StartBoth(serverFirst: true);

        server.Write(text.ToString()).EndInput().Ends(Complete);

        Assert.Equal(text.ToString(), client.Ends(Complete).Output.Text);
    }

    [Fact]
    public void W60_an_empty_input_ends_both()
    {
        (Sample server, Sample client) = StartBoth(serverFirst: false);

        server.EndInput().Ends(Complete);

        Assert.Empty(client.Ends(Complete).Output.Bytes);
    }

    [Fact]
    public void W60_each_character_arrives_while_the_input_is_open()
    {
        (Sample server, Sample client) = StartBoth(serverFirst: true);
        byte[] astronaut = "👩‍🚀"u8.ToArray();

        server.Write("é");
        client.Output.WaitFor("é");
        server.Write(astronaut.AsSpan(0, 6));
        client.Output.WaitFor("é👩");
        server.Write(astronaut.AsSpan(6)).Write("\nlast");
        client.Output.WaitFor("é👩‍🚀\nlast");

        server.EndInput().Ends(Complete);
        client.Ends(Complete);
    }

    [Fact]
    public void W60_input_that_ends_within_a_character_ends_with_a_replacement()
    {
        (Sample server, Sample client) = StartBoth(serverFirst: true);

        server.Write([(byte)'a', 0xF0, 0x9F, 0x98]).EndInput().Ends(Complete);

        Assert.Equal("a\uFFFD", client.Ends(Complete).Output.Text);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void W60_whichever_dies_first_the_other_says_so_and_both_can_start_again(bool serverDies, bool serverFirst)
    {
        (Sample server, Sample client) = StartBoth(serverFirst);
        server.Write("first\n");
        client.Output.WaitFor("first\n");

        (Sample victim, Sample survivor) = serverDies ? (server, client) : (client, server);
        victim.Kill();

        survivor.Ends(PeerGone);
        Assert.Contains(serverDies ? "The server ended" : "The client ended", survivor.Remarks.Text, StringComparison.Ordinal);
        Assert.Equal("again", RelayOnce("again", serverFirst));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void W60_whichever_dies_in_the_middle_of_much_text_what_arrived_is_its_beginning(bool serverDies)
    {
        string text = string.Concat(Enumerable.Range(0, 50_000).Select(n => $"{n} "));
        (Sample server, Sample client) = StartBoth(serverFirst: true);
        var writing = new Thread(() => server.Write(text)) { IsBackground = true };
        writing.Start();
        client.Output.WaitFor(arrived => arrived.Length > 2_000);

        (Sample victim, Sample survivor) = serverDies ? (server, client) : (client, server);
        victim.Kill();

        survivor.Ends(PeerGone);
        writing.Join();
        Assert.StartsWith(Encoding.UTF8.GetString(client.Output.ToEnd()), text, StringComparison.Ordinal);
        Assert.Equal("again", RelayOnce("again", serverFirst: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void W60_one_that_died_while_it_waited_leaves_nothing_behind(bool serverDies)
    {
        Sample victim = Start(serverDies ? "server" : "client");
        victim.Remarks.WaitFor("Waiting for");
        victim.Kill();

        Assert.Equal("again", RelayOnce("again", serverFirst: !serverDies));
    }

    [Fact]
    public void W60_a_second_server_or_client_is_refused_and_disturbs_nobody()
    {
        Sample server = Start("server");
        server.Remarks.WaitFor("Waiting for");
        RefusesAnother("server");
        Sample client = Start("client");
        server.Write("1");
        client.Output.WaitFor("1");
        RefusesAnother("server");
        RefusesAnother("client");

        server.Write("2").EndInput().Ends(Complete);

        Assert.Equal("12", client.Ends(Complete).Output.Text);

        Start("client").Remarks.WaitFor("Waiting for");
        RefusesAnother("client");
    }

    [Fact]
    public void W60_a_server_killed_at_any_moment_is_replaced()
    {
        foreach (int delay in MomentsAfterStart())
        {
            (Sample first, Sample client) = (Start("server").Write("lost"), Start("client"));
            Thread.Sleep(delay);
            first.Kill();
            Sample second = Start("server").Write("x").EndInput();

            // It had met the first one, and says so; or it has not noticed that there were two.
            if (client.Wait() == PeerGone)
            {
                client = Start("client");
                Assert.Equal("x", client.Ends(Complete).Output.Text);
            }
            Assert.Equal("x", client.Ends(Complete).Output.Text);
            second.Ends(Complete);
        }
    }

    [Fact]
    public void W60_a_client_killed_at_any_moment_is_replaced()
    {
        foreach (int delay in MomentsAfterStart())
        {
            (Sample server, Sample first) = (Start("server").Write("x"), Start("client"));
            Thread.Sleep(delay);
            first.Kill();
            Sample second = Start("client");
            SpinWait.SpinUntil(() => server.HasEnded || second.Output.Bytes.Length > 0, Sample.Patience);

            if (server.HasEnded)
            {
                server.Ends(PeerGone);
                server = Start("server").Write("x");
            }
            server.EndInput().Ends(Complete);
            Assert.Equal("x", second.Ends(Complete).Output.Text);
        }
    }

    /// <summary>Not to wait for anything: moments at which to kill, from before the program's first line to long after its last.</summary>
    private static IEnumerable<int> MomentsAfterStart() => Enumerable.Range(0, 12).Select(step => 20 + step * 12);

    private void RefusesAnother(string role)
    {
        Sample another = Start(role).Ends(Refused);
        Assert.Contains($"A {role} is running already.", another.Remarks.Text, StringComparison.Ordinal);
    }

    private (Sample Server, Sample Client) StartBoth(bool serverFirst)
    {
        Sample first = Start(serverFirst ? "server" : "client");
        first.Remarks.WaitFor("Waiting for");
        Sample second = Start(serverFirst ? "client" : "server");
        return serverFirst ? (first, second) : (second, first);
    }

    private string RelayOnce(string text, bool serverFirst)
    {
        (Sample server, Sample client) = StartBoth(serverFirst);
        server.Write(text).EndInput().Ends(Complete);
        return client.Ends(Complete).Output.Text;
    }
}
