using System.Globalization;

namespace Samepage.Samples.Tests;

/// <summary>Frames from one publisher to subscribers of different speed.</summary>
public sealed class FramesTests : SampleTests
{
    public FramesTests()
        : base("Frames")
    {
    }

    [Fact]
    public void The_fast_one_sees_all_and_the_slow_one_knows_what_it_missed()
    {
        Sample fast = Subscribe(), slow = Subscribe("--paced");
        Sample publisher = Start("publish");
        for (int frame = 1; frame <= 10; frame++)
        {
            publisher.Write("\n");
            fast.Output.WaitFor($"frame {frame}\n");
        }
        publisher.EndInput().Ends(0);
        slow.EndInput().Ends(0);
        Assert.EndsWith("10 of 10, missed 0\n", fast.Ends(0).Output.Text, StringComparison.Ordinal);
        Assert.Matches("[1-3] of 10, missed [7-9]\n$", slow.Output.Text);
    }

    [Fact]
    public void A_killed_subscriber_holds_nobody_up()
    {
        Sample fast = Subscribe(), dead = Subscribe("--paced");
        Sample publisher = Start("publish").Write("\n");
        fast.Output.WaitFor("frame 1\n");
        dead.Kill();
        for (int frame = 2; frame <= 8; frame++)
        {
            publisher.Write("\n");
            fast.Output.WaitFor(string.Create(CultureInfo.InvariantCulture, $"frame {frame}\n"));
        }
        publisher.EndInput().Ends(0);
        Assert.EndsWith("8 of 8, missed 0\n", fast.Ends(0).Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Objects, path => new FileInfo(path).Length > 8 << 20);
    }

    private Sample Subscribe(params string[] options)
    {
        Sample subscriber = Start(["subscribe", .. options]);
        subscriber.Output.WaitFor("ready\n");
        return subscriber;
    }
}
