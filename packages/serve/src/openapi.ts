/** The head of the OpenAPI document; the routes' schemas are the rest. */
export const openApiInfo = {
  openapi: '3.1.0',
  info: {
    title: 'ddad inspection station',
    description: 'Looks at images with trained anomaly detectors.',
    version: '1',
  },
  components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
  security: [{ token: [] }],
};
