using Samepage.Conformance.Peers;
using Xunit.Runner.InProc.SystemConsole;

namespace Samepage.Conformance;

/// <summary>Runs the tests; or, started by one of them with <c>--peer</c>, is the other process.</summary>
internal static class Program
{
    public static int Main(string[] args) => args is [Peer.Argument]
        ? PeerProgram.Run(Console.In, Console.Out)
        : ConsoleRunner.Run(args).GetAwaiter().GetResult();
}
