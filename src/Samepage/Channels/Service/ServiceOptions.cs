using System.Numerics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>How a service is made. Who opens one that is there finds it as it was made.</summary>
public sealed record ServiceOptions
{
    private const int Largest = 1 << 28;

    /// <summary>Of a request, in bytes, rounded up to a power of two, 64 at least; default 1,024. A service of structs takes what they need.</summary>
    public int LongestRequest { get; init; } = 1024;

    /// <summary>
    /// Bytes that the responses to one call have room for, rounded up to a power of two; one response is 8 bytes less at most. Default 4,096.
    /// What is streamed waits here until it is read. A service of structs has room for eight at least.
    /// </summary>
    public int ResponseRoom { get; init; } = 4096;

    /// <summary>How many calls each client can have at one time: 1 to 1,023; default 64.</summary>
    public int MaxCalls { get; init; } = 64;

    /// <summary>How many clients there can be at one time: 1 to 1,023; default 16.</summary>
    public int MaxClients { get; init; } = 16;

    /// <summary>How many servers there can be at one time: 1 to 1,023; default 63.</summary>
    public int MaxServers { get; init; } = 63;

    /// <summary>Who may open it (W20). Default: <see cref="SharedAccess.User"/>.</summary>
    public SharedAccess Access { get; init; } = SharedAccess.User;

    internal ChannelShape ToShape(string type)
    {
        if (LongestRequest is <= 0 or > Largest || ResponseRoom is <= 0 or > Largest)
            throw new ArgumentException($"Requests and responses have room for 1 to {Largest:N0} bytes, and not for {LongestRequest:N0} and {ResponseRoom:N0}.");
        if (MaxCalls is < 1 or > 1023)
            throw new ArgumentException($"A client has 1 to 1,023 calls, and not {MaxCalls:N0}.");
        int request = Math.Max(64, (int)BitOperations.RoundUpToPowerOf2((uint)LongestRequest));
        int responses = Math.Max(64, (int)BitOperations.RoundUpToPowerOf2((uint)ResponseRoom));
        return ChannelShape.Checked(new(SharedObjectKind.Service, new CallBlock(request, responses).Length * MaxCalls, MaxClients, MaxServers,
            CallBlock.ModeOf(request, responses, MaxCalls), Access, type));
    }
}
