using System.Numerics;

namespace Samepage.Layout;

/// <summary>One place for a call in the memory of its client: the request, and room for what answers it.</summary>
/// <remarks>
/// <code>
///   0       8         16     24      32        36        40        44       64         64 + request    + responses    + failure
///   +-------+---------+------+-------+---------+---------+---------+--------+-----------+--------------+--------------+-----------+
///   | state | written | read | wants | request | flags   | failure | zero   | request   | responses, a | text of a    | trace     |
///   |       |         |      | room  | length  |         | length  |        |           | ring         | failure      | context   |
///   +-------+---------+------+-------+---------+---------+---------+--------+-----------+--------------+--------------+-----------+
/// </code>
/// State: <see cref="CallState"/>. Written counts bytes of responses from the first, and is the server's; read is the client's. A response is four bytes of
/// length and four of the call's serial, its bytes, and up to seven more; none wraps: <see cref="Skip"/> instead says that the next one is at the ring's beginning. Flags: 1, the client
/// asks for a stream; 2, there is a <see cref="TraceBlock"/>.
/// </remarks>
/// <param name="request">Room for a request; a power of two.</param>
/// <param name="responses">Room for responses; a power of two.</param>
internal readonly struct CallBlock(int request, int responses)
{
    public const int StateOffset = 0;
    public const int WrittenOffset = 8;
    public const int ReadOffset = 16;
    public const int WantsRoomOffset = 24;
    public const int RequestLengthOffset = 32;
    public const int FlagsOffset = 36;
    public const int FailureLengthOffset = 40;
    public const int RequestOffset = 64;
    public const int FailureCapacity = 192;
    public const int ResponseHeader = 8;
    public const uint Stream = 1;
    public const uint Traced = 2;
    public const ulong Skip = ulong.MaxValue;

    private const int Line = 128;

    /// <summary>In a <see cref="LaneBlock"/>: so many places, from the first, were ever used. Only grows.</summary>
    public const int UsedOffset = 64;

    public int LongestRequest => request;

    /// <summary>Bytes of the ring.</summary>
    public int Responses => responses;

    public int LongestResponse => responses - ResponseHeader;

    public int ResponsesOffset => RequestOffset + request;

    public int FailureOffset => ResponsesOffset + responses;

    public int TraceOffset => FailureOffset + FailureCapacity;

    public long Length => ((long)TraceOffset + TraceBlock.Length + Line - 1) / Line * Line;

    /// <summary>Bits 0 to 31: its length; 32 to 63: the end of the call's serial, so that who waits for a response can look there, where nobody exchanges anything.</summary>
    public static ulong HeaderOf(int response, ulong serial) => (uint)response | serial << 32;

    public static uint LengthOf(ulong header) => (uint)header;

    /// <summary>True also by chance, and for what somebody wrote there: only the state says that there is a response.</summary>
    public static bool IsOf(ulong header, ulong serial) => header >> 32 == (uint)serial;

    public static int StrideOf(int response) => ResponseHeader + (response + 7) / 8 * 8;

    /// <summary>Bits 0 to 4: the request's room, as a power of two; 8 to 12: that of the responses; 16 to 31: how many calls.</summary>
    public static uint ModeOf(int request, int responses, int calls) =>
        (uint)BitOperations.Log2((uint)request) | (uint)BitOperations.Log2((uint)responses) << 8 | (uint)calls << 16;

    /// <summary>False: it is none.</summary>
    public static bool TryRead(uint mode, out CallBlock block, out int calls)
    {
        int request = (int)(mode & 0xFF), responses = (int)(mode >> 8 & 0xFF);
        calls = (int)(mode >> 16);
        bool possible = request is >= 6 and <= 28 && responses is >= 6 and <= 28 && calls > 0;
        block = possible ? new CallBlock(1 << request, 1 << responses) : default;
        return possible;
    }
}
