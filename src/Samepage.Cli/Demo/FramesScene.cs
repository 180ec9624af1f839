using System.Diagnostics;
using System.Globalization;

namespace Samepage.Cli.Demo;

/// <summary>Large frames from one publisher to three subscribers of different speed.</summary>
internal static class FramesScene
{
    private const int Count = 60;

    /// <summary>A slow one takes a frame whenever so many have been published.</summary>
    private const int Slow = 5, Slower = 20;

    public static void Play(Stage stage)
    {
        stage.Title("Frames: 8 MiB each, one publisher, three subscribers");
        using SampleProcess fast = Subscriber(), slow = Subscriber("--paced"), slower = Subscriber("--paced");
        using var publisher = new SampleProcess("Frames", "publish");
        stage.Say($"process {publisher.Id} publishes {Count} frames; {fast.Id} takes all, {slow.Id} one in {Slow}, {slower.Id} one in {Slower}; room is for three:");
        var clock = Stopwatch.StartNew();
        bool inOrder = true;
        for (int i = 1; i <= Count; i++)
        {
            Line(publisher);
            inOrder &= fast.ReadLine() == string.Create(CultureInfo.InvariantCulture, $"frame {i}");
            if (i % Slow == 0)
                Line(slow);
            if (i % Slower == 0)
                Line(slower);
        }
        TimeSpan time = clock.Elapsed;
        // A slow one may not have come to its turn yet: the end of its input does not take it away, and the last message waits for nobody.
        slow.Input.Close();
        slower.Input.Close();
        publisher.Input.Close();
        stage.Check(inOrder, $"the fast one saw each frame before the next was painted: {Count} in {Stage.Milliseconds(time)}, none copied");
        stage.Check(Missed(stage, "fast", fast) == 0, "it missed nothing, whatever the others did");
        stage.Check(Missed(stage, "slow", slow) is > 0, "the slow one knows how many it missed: with those that it took, all that were published");
        stage.Check(Missed(stage, "slower", slower) is > 0, "and so does the slower one; no frame was torn");
        stage.Check(publisher.End() == 0, "the publisher waited for none of them");
    }

    private static SampleProcess Subscriber(params string[] options)
    {
        var subscriber = new SampleProcess("Frames", ["subscribe", .. options]);
        _ = subscriber.ReadLine();
        return subscriber;
    }

    private static void Line(SampleProcess process)
    {
        process.Input.Write('\n');
        process.Input.Flush();
    }

    /// <summary>What it says at its end. Null: it did not end as it should.</summary>
    private static long? Missed(Stage stage, string which, SampleProcess subscriber)
    {
        string line = subscriber.ReadLine();
        while (line.StartsWith("frame ", StringComparison.Ordinal))
            line = subscriber.ReadLine();
        stage.Say($"    {which + ":",-8} {line}");
        return subscriber.End() == 0 && long.TryParse(line.Split(' ')[^1], CultureInfo.InvariantCulture, out long missed) ? missed : null;
    }
}
