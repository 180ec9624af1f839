namespace Samepage.Bench.Rivals;

/// <summary>What two processes, or one and many, do with each other.</summary>
internal enum JobKind
{
    /// <summary>A message there and one of the same size back, one at a time.</summary>
    RoundTrip,

    /// <summary>Messages in one direction as fast as they are read, until the reader has said that it has all.</summary>
    Stream,

    /// <summary>The same, by a sender that may hold messages back until it has the last of a batch.</summary>
    Batches,

    /// <summary>One sends, and each of many receives every message.</summary>
    FanOut,

    /// <summary>Many send, and one receives all.</summary>
    FanIn,
}

/// <summary>A job of a race, which Samepage and each of its rivals do in their own way.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Size">Bytes of a message; every one of them is written by the sender and read by the receiver.</param>
/// <param name="Blocks">Who waits sleeps at once, and does not spin. In a fan Samepage waits as it does by default.</param>
/// <param name="Many">How many are on the other side of the one.</param>
internal readonly record struct Job(JobKind Kind, int Size, bool Blocks, int Many = 1)
{
    /// <summary>Messages of a batch.</summary>
    public const int Batch = 16;

    private static readonly string[] _kinds = ["trip", "stream", "batch", "fanout", "fanin"];

    public bool IsFan => Kind is JobKind.FanOut or JobKind.FanIn;

    /// <summary>Bytes that a sender has at a time.</summary>
    public int SentAtOnce => Kind == JobKind.Batches ? Batch * Size : Size;

    /// <summary>Whether that member of a fan sends: the one is 0, the many are numbered from 1.</summary>
    public bool Sends(int member) => Kind == JobKind.FanOut == (member == 0);

    /// <summary>As an argument of a peer, and part of a name.</summary>
    public override string ToString() => FormattableString.Invariant($"{_kinds[(int)Kind]}-{Size}-{(Blocks ? "block" : "spin")}{(IsFan ? $"-{Many}" : "")}");

    public static Job Parse(string text)
    {
        string[] parts = text.Split('-');
        return new Job((JobKind)Array.IndexOf(_kinds, parts[0]), int.Parse(parts[1]), parts[2] == "block", parts.Length > 3 ? int.Parse(parts[3]) : 1);
    }
}
