using System.Diagnostics;

namespace Samepage.Cli.Demo;

/// <summary>Characters from one process to another, in step; and what the one hears when the other dies.</summary>
internal static class RelayScene
{
    private static readonly string[] _lines =
        ["Hello from the server's console.", "Ünïcödé, 日本語, and beyond: 🚀 𝄞", "Every character waits until the last one was written."];

    public static void Play(Stage stage)
    {
        stage.Title("Relay: a console handed over, character by character");
        Handed(stage);
        Killed(stage);
    }

    private static void Handed(Stage stage)
    {
        using var client = new SampleProcess("Relay", "client");
        using var server = new SampleProcess("Relay", "server");
        stage.Say($"client {client.Id} was started first, then server {server.Id}; the client prints:");
        var received = new List<string>();
        foreach (string line in _lines)
        {
            server.Input.Write(line + "\n");
            server.Input.Flush();
            received.Add(client.ReadLine());
            stage.Say("    " + received[^1]);
        }
        server.Input.Close();
        int characters = _lines.Sum(l => l.EnumerateRunes().Count() + 1);
        stage.Check(received.SequenceEqual(_lines), $"{characters} characters arrived as they were sent");
        stage.Check(server.End() == 0 && client.End() == 0, "at the end of the input both ended with exit code 0");
    }

    private static void Killed(Stage stage)
    {
        using var server = new SampleProcess("Relay", "server");
        using var client = new SampleProcess("Relay", "client");
        server.Input.Write("The last words\n");
        server.Input.Flush();
        _ = client.ReadLine();
        var clock = Stopwatch.StartNew();
        server.Kill();
        int code = client.End();
        stage.Check(code == 3, $"kill -9 of the server: the client ended {Stage.Milliseconds(clock.Elapsed)} later, saying \"{client.Remarks.Split('\n')[^1]}\"");
    }
}
