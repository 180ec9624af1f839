using System.Diagnostics;

namespace Samepage.Layout;

/// <summary>The trace context that goes along with a message or a request, as the version 00 of the W3C's traceparent knows it; tracestate is not carried.</summary>
/// <remarks>
/// <code>
///   0          16        24      25     32
///   +----------+---------+-------+------+
///   | trace id | span id | flags | zero |
///   +----------+---------+-------+------+
/// </code>
/// The ids are bytes in the order in which they are written in hexadecimal. It lies at no certain alignment.
/// </remarks>
internal static class TraceBlock
{
    public const int TraceIdOffset = 0;
    public const int SpanIdOffset = 16;
    public const int FlagsOffset = 24;
    public const int Length = 32;

    private const int TraceIdLength = SpanIdOffset - TraceIdOffset;
    private const int SpanIdLength = FlagsOffset - SpanIdOffset;

    public static void Write(Span<byte> block, in ActivityContext context)
    {
        context.TraceId.CopyTo(block[TraceIdOffset..SpanIdOffset]);
        context.SpanId.CopyTo(block[SpanIdOffset..FlagsOffset]);
        block[FlagsOffset..].Clear();
        block[FlagsOffset] = (byte)context.TraceFlags;
    }

    /// <summary>What another process wrote there; none when it is none.</summary>
    public static ActivityContext Read(ReadOnlySpan<byte> block)
    {
        // A copy: it may change meanwhile.
        Span<byte> copy = stackalloc byte[Length];
        block[..Length].CopyTo(copy);
        return copy.Slice(TraceIdOffset, TraceIdLength).ContainsAnyExcept((byte)0) && copy.Slice(SpanIdOffset, SpanIdLength).ContainsAnyExcept((byte)0)
            ? new ActivityContext(ActivityTraceId.CreateFromBytes(copy[TraceIdOffset..SpanIdOffset]), ActivitySpanId.CreateFromBytes(copy[SpanIdOffset..FlagsOffset]),
                (ActivityTraceFlags)copy[FlagsOffset] & ActivityTraceFlags.Recorded, isRemote: true)
            : default;
    }
}
