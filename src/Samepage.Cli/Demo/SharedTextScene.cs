namespace Samepage.Cli.Demo;

/// <summary>One text in several processes: live, and never torn, whoever writes and whoever dies.</summary>
internal static class SharedTextScene
{
    private static readonly string[] _additions = ["To be, or not to be, ", "that is the question", " — whether one process or two."];

    public static void Play(Stage stage)
    {
        stage.Title("SharedText: the same text in every instance");
        Live(stage);
        Hammered(stage);
    }

    private static void Live(Stage stage)
    {
        using var follower = new SampleProcess("SharedText", "follow");
        stage.Say($"instance {follower.Id} follows; three others, one after the other, each add to the text; it prints:");
        _ = follower.ReadLine();
        _ = follower.ReadLine();
        string text = "";
        bool right = true;
        foreach (string addition in _additions)
        {
            using var writer = new SampleProcess("SharedText", "append", addition);
            text += addition;
            _ = follower.ReadLine();
            string seen = follower.ReadLine();
            stage.Say("    " + seen);
            right &= seen == text && writer.End() == 0;
        }
        stage.Check(right, "each change appeared at once, and none was lost");
    }

    private static void Hammered(Stage stage)
    {
        stage.Say("now two writers at full speed for three seconds, one of which is killed half-way, and a reader that checks what it sees:");
        using var keeper = new SampleProcess("SharedText", "verify", "--seconds", "3");
        using var victim = new SampleProcess("SharedText", "hammer", "--seconds", "30");
        using var writer = new SampleProcess("SharedText", "hammer", "--seconds", "2");
        string wrote = writer.ReadLine();
        victim.Kill();
        string saw = keeper.ReadLine();
        stage.Say($"    one writer: {wrote}");
        stage.Say($"    the other:  killed in the middle");
        stage.Say($"    the reader: {saw}");
        stage.Check(keeper.End() == 0 && saw.EndsWith(" 0 torn", StringComparison.Ordinal), "no text was torn");
    }
}
