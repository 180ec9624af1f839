namespace Samepage.Layout;

/// <summary>The word of a call, which says whose it is: every step of the protocol is one exchange of it.</summary>
/// <remarks>
/// <code>
///  63                          16 15            4 3      0
///  +-----------------------------+---------------+--------+
///  | serial                      | server + 1    | phase  |
///  +-----------------------------+---------------+--------+
///
///              client            server (CAS)        server
///       Free ----------> Waiting ----------> Taken ----------> Answered, Failed
///        ^                  |                 | | \  burial                |
///        |      client (CAS)|     client (CAS)| |  `--------> Died         |
///        +------------------+                 | `-----------> Left         |
///        ^                                    v   server                   |
///        +-------------------------------- Cancelled                       |
///        |             server, or its burial                               |
///        +-----------------------------------------------------------------+
///                                                    client
/// </code>
/// The serial is another one for each call, so that nobody takes a later call for an earlier one. All zero: the place was never used.
/// </remarks>
internal readonly record struct CallState(ulong Word)
{
    private const int ServerShift = 4;
    private const int SerialShift = 16;
    private const ulong PhaseMask = (1 << ServerShift) - 1;
    private const ulong ServerMask = (1 << SerialShift) - 1 - PhaseMask;

    public static CallState Asked(ulong serial) => new(serial << SerialShift | (ulong)CallPhase.Waiting);

    public CallPhase Phase => (CallPhase)(Word & PhaseMask);

    /// <summary>-1: nobody has it.</summary>
    public int Server => (int)((Word & ServerMask) >> ServerShift) - 1;

    public ulong Serial => Word >> SerialShift;

    public CallState TakenBy(int server) => new(Word & ~(ServerMask | PhaseMask) | (ulong)(server + 1) << ServerShift | (ulong)CallPhase.Taken);

    public CallState In(CallPhase phase) => new(Word & ~PhaseMask | (ulong)phase);

    /// <summary>Nobody's. The serial stays, for the next.</summary>
    public CallState Freed => new(Word & ~(ServerMask | PhaseMask));
}
