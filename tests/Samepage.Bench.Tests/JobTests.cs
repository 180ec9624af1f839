using Samepage.Bench.Rivals;
using Samepage.Bench.Rivals.Native;

namespace Samepage.Bench.Tests;

public class JobTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_job_is_read_as_it_was_written(bool quick) =>
        Assert.All(Racecard.Jobs(quick), job => Assert.Equal(job, Job.Parse($"{job}")));

    [Fact]
    public void A_job_tells_the_native_rivals_all_that_they_need() => Assert.Equal(
        ["trip-64-spin", "stream-1024-block", "batch-64-spin", "fanout-64-block-4", "fanin-64-block-8"],
        new Job[]
        {
            new(JobKind.RoundTrip, 64, Blocks: false), new(JobKind.Stream, 1024, Blocks: true), new(JobKind.Batches, 64, Blocks: false),
            new(JobKind.FanOut, 64, Blocks: true, 4), new(JobKind.FanIn, 64, Blocks: true, 8),
        }.Select(j => $"{j}"));

    [Theory]
    [InlineData(false, 1, 2, 4, 8)]
    [InlineData(true, 4)]
    public void One_sends_to_many_and_many_to_one(bool quick, params int[] many)
    {
        Job[] jobs = [.. Racecard.Jobs(quick)];

        Assert.Equal(many, jobs.Where(j => j.Kind == JobKind.FanOut).Select(j => j.Many));
        Assert.Equal(many, jobs.Where(j => j.Kind == JobKind.FanIn).Select(j => j.Many));
        Assert.All(jobs.Where(j => j.IsFan), j => Assert.Equal((64, true), (j.Size, j.Blocks)));
    }

    [Fact]
    public void Of_a_fan_the_one_or_the_many_send()
    {
        Assert.Equal([true, false, false], Senders(JobKind.FanOut));
        Assert.Equal([false, true, true], Senders(JobKind.FanIn));
    }

    [Fact]
    public void Only_in_batches_a_sender_has_more_than_a_message()
    {
        Assert.Equal(16 * 64, new Job(JobKind.Batches, 64, Blocks: false).SentAtOnce);
        Assert.Equal(64, new Job(JobKind.Stream, 64, Blocks: false).SentAtOnce);
    }

    [Fact]
    public void Each_race_has_a_title_of_its_own()
    {
        string[] titles = [.. Racecard.Jobs(quick: false).Select(RaceSuite.TitleOf)];

        Assert.Equal(titles.Distinct(), titles);
        Assert.Contains("stream, 64 B, batches of 16: a message", titles);
        Assert.Contains("one to 4, 64 B: a message", titles);
        Assert.Contains("8 to one, 64 B: a message", titles);
    }

    [Fact]
    public void On_each_course_a_point_has_one_race() =>
        Assert.All(Racecard.Jobs(quick: false).Where(j => j.Kind != JobKind.RoundTrip).GroupBy(j => (RaceSuite.CourseOf(j), j.Size, j.Many)), g => Assert.Single(g));

    [Fact]
    public void Who_connects_two_alone_takes_no_part_in_a_fan() => Assert.Equal(
        ["Samepage service", "named pipe", "TCP over loopback", "named Mutex and mapped file", "HTTP over a Unix socket (Kestrel)"],
        AllRivals.Others.Where(r => r is not NativeRival && !r.Can(new Job(JobKind.FanOut, 64, Blocks: true, 4))).Select(r => r.Name));

    [Fact]
    public void Where_many_send_to_one_Samepage_is_a_queue()
    {
        Assert.Equal("Samepage queue", AllRivals.Subject.NameIn(new Job(JobKind.FanIn, 64, Blocks: true, 4)));
        Assert.Equal("Samepage topic", AllRivals.Subject.NameIn(new Job(JobKind.FanOut, 64, Blocks: true, 4)));
    }

    private static bool[] Senders(JobKind kind) => [.. Enumerable.Range(0, 3).Select(new Job(kind, 64, Blocks: true, Many: 2).Sends)];
}
