namespace Samepage.Bench.Rivals;

/// <summary>Which races are held, and between whom.</summary>
internal static class Racecard
{
    /// <summary>Of the messages in all races but those that differ in it.</summary>
    private const int UsualSize = 64;

    private static readonly int[] _sizes = [8, 64, 1024, 64 << 10, 1 << 20, 8 << 20];
    private static readonly int[] _quickSizes = [64, 1 << 20];

    private static readonly int[] _participants = [1, 2, 4, 8];
    private static readonly int[] _quickParticipants = [4];

    public static IEnumerable<Job> Jobs(bool quick) =>
    [
        new(JobKind.RoundTrip, UsualSize, Blocks: false),
        .. quick ? Array.Empty<Job>() : [new(JobKind.RoundTrip, UsualSize, Blocks: true)],
        .. (quick ? _quickSizes : _sizes).Select(size => new Job(JobKind.Stream, size, Blocks: false)),
        new(JobKind.Batches, UsualSize, Blocks: false),
        .. Fans(JobKind.FanOut, quick),
        .. Fans(JobKind.FanIn, quick),
    ];

    public static RaceSuite Of(Job job) => new(job, AllRivals.Subject, AllRivals.Others);

    /// <summary>There are more participants than processors: who spun would keep others from what it waits for.</summary>
    private static IEnumerable<Job> Fans(JobKind kind, bool quick) =>
        (quick ? _quickParticipants : _participants).Select(many => new Job(kind, UsualSize, Blocks: true, many));
}
