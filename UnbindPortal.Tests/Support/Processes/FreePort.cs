using System.Net;
using System.Net.Sockets;

namespace UnbindPortal.Support.Processes;

/// <summary>
/// Picks ports below the range from which the system serves outgoing connections, so that a server that is stopped and started
/// again finds its port still free.
/// </summary>
internal static class FreePort
{
    private const int Lowest = 20_000;
    private const int Highest = 31_999;

    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest + 1);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Someone else has it: draw again.
            }
        }
    }
}
